/// A set of Unicode scalars: ranges, and properties that are asked for when it comes to it.
struct ScalarClass: Sendable {
    typealias Property = @Sendable (Unicode.Scalar.Properties) -> Bool

    private var ranges: [ClosedRange<UInt32>] = []
    private var properties: [Property] = []
    private(set) var foldsCase = false
    private var isNegated = false
    /// The answers for ASCII.
    private var ascii: (low: UInt64, high: UInt64) = (0, 0)

    init(_ ranges: [ClosedRange<UInt32>] = []) { self.ranges = ranges }

    init(_ property: @escaping Property) { properties = [property] }

    /// The variants are the scalar's, for a class that folds case.
    func contains(_ scalar: Unicode.Scalar, variants: [Unicode.Scalar]) -> Bool {
        switch scalar.value {
        case ..<64: ascii.low >> UInt64(scalar.value) & 1 == 1
        case ..<128: ascii.high >> UInt64(scalar.value - 64) & 1 == 1
        default: isMember(scalar, variants)
        }
    }

    /// The steps it takes to ask outside of ASCII.
    var cost: Int { properties.count }

    mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

    mutating func formUnion(_ other: ScalarClass) {
        ranges += other.ranges
        properties += other.properties
    }

    /// The scalars that are not in it.
    var inverted: ScalarClass {
        var result = ScalarClass()
        if ranges.isEmpty, let only = properties.first, properties.count == 1 {
            result.properties = [{ !only($0) }]
            return result
        }
        var start: UInt32 = 0
        for range in Self.merged(ranges) {
            if start < range.lowerBound { result.ranges.append(start...(range.lowerBound - 1)) }
            start = range.upperBound + 1
        }
        if start <= Unicode.Scalar.greatest { result.ranges.append(start...Unicode.Scalar.greatest) }
        return result
    }

    /// The class as a program has it. With case folded it also has what differs from a member by case alone.
    func sealed(isNegated: Bool, foldsCase: Bool) -> ScalarClass {
        var result = self
        result.isNegated = isNegated
        result.foldsCase = foldsCase
        result.ranges = Self.merged(ranges)
        if foldsCase {
            // Of a wide range it is enough to ask from the side of the text.
            let narrow = result.ranges.filter { $0.count <= 16 }.joined().compactMap(Unicode.Scalar.init)
            let variants = narrow.flatMap(\.caseVariants).map { $0.value...$0.value }
            result.ranges = Self.merged(result.ranges + variants)
        }
        for value in UInt8(0)..<128 {
            let scalar = Unicode.Scalar(value)
            guard result.isMember(scalar, foldsCase ? scalar.caseVariants : []) else { continue }
            if value < 64 {
                result.ascii.low |= 1 << UInt64(value)
            } else {
                result.ascii.high |= 1 << UInt64(value - 64)
            }
        }
        return result
    }

    private func isMember(_ scalar: Unicode.Scalar, _ variants: [Unicode.Scalar]) -> Bool {
        (holds(scalar) || foldsCase && variants.contains(where: holds)) != isNegated
    }

    private func holds(_ scalar: Unicode.Scalar) -> Bool {
        var candidates = ranges[...]
        while !candidates.isEmpty {
            let middle = candidates.startIndex + candidates.count / 2
            if candidates[middle].contains(scalar.value) { return true }
            candidates =
                candidates[middle].lowerBound > scalar.value ? candidates[..<middle] : candidates[(middle + 1)...]
        }
        return properties.contains { $0(scalar.properties) }
    }

    /// Sorted and apart.
    private static func merged(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, range.lowerBound <= last.upperBound + 1 {
                result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    static let greatest: UInt32 = 0x10FFFF

    /// The scalar's other cases, where they are one scalar, and those of its upper case: so `ſ` has both `S` and `s`.
    var caseVariants: [Unicode.Scalar] {
        guard !isASCII else { return properties.isAlphabetic ? [Unicode.Scalar(UInt8(value) ^ 0x20)] : [] }
        var variants: [Unicode.Scalar] = []
        func add(_ mapping: String) {
            let scalars = mapping.unicodeScalars
            guard let first = scalars.first, scalars.count == 1, first != self, !variants.contains(first) else {
                return
            }
            variants.append(first)
        }
        add(properties.lowercaseMapping)
        add(properties.uppercaseMapping)
        add(properties.titlecaseMapping)
        for variant in variants { add(variant.properties.lowercaseMapping) }
        for variant in variants { add(variant.properties.uppercaseMapping) }
        return variants
    }
}
