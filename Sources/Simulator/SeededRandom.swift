/// Chance that a seed decides: SplitMix64, the same on every machine and with every version of the compiler.
package struct SeededRandom: Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A stream of its own, so that what one part of the world draws does not shift what another draws.
    mutating func fork() -> SeededRandom { SeededRandom(seed: next()) }

    /// Evenly from 0 up to 1.
    mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    package mutating func chance(_ probability: Double) -> Bool { fraction() < probability }

    mutating func between(_ bounds: ClosedRange<Int64>) -> Int64 {
        let count = UInt64(bounds.upperBound - bounds.lowerBound) + 1
        return bounds.lowerBound + Int64(next().multipliedFullWidth(by: count).high)
    }

    package mutating func number(_ bounds: ClosedRange<Int>) -> Int {
        Int(between(Int64(bounds.lowerBound)...Int64(bounds.upperBound)))
    }

    package mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[number(0...elements.count - 1)]
    }
}
