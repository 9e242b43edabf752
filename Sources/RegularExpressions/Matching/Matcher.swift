/// Walks through a text once and keeps the set of all instructions that a match may have arrived at.
struct Matcher {
    private let program: Program
    private(set) var steps: Int
    /// Instructions to be followed at the place between two scalars, the last one first.
    private var pending: [Int] = []
    /// Those of them that take a scalar.
    private var takers: [Int] = []
    /// The place at which each instruction was last visited.
    private var visits: [Int]

    init(_ program: Program, _ steps: Int) {
        self.program = program
        self.steps = steps
        visits = Array(repeating: -1, count: program.instructions.count)
    }

    mutating func search(_ text: String) -> Bool? {
        var place = 0
        var previous: Unicode.Scalar?
        var scalars = text.unicodeScalars.makeIterator()
        while true {
            let next = scalars.next()
            if place == 0 || !program.isAnchored { pending.append(0) }
            if follow(at: place, between: previous, and: next) { return true }
            guard steps >= 0 else { return nil }
            guard let next, !(program.isAnchored && takers.isEmpty) else { return false }
            take(next)
            previous = next
            place += 1
        }
    }

    /// Follows everything that takes nothing; true when that ends in a match. A spent budget ends it early.
    private mutating func follow(
        at place: Int, between previous: Unicode.Scalar?, and next: Unicode.Scalar?
    ) -> Bool {
        while let index = pending.popLast() {
            guard visits[index] != place else { continue }
            visits[index] = place
            steps -= 1
            guard steps >= 0 else { return false }
            switch program.instructions[index] {
            case .scalar, .oneOf:
                takers.append(index)
            case .assert(let assertion):
                if assertion.holds(between: previous, and: next) { pending.append(index + 1) }
            case .split(let distance):
                pending.append(index + 1)
                pending.append(index + Int(distance))
            case .jump(let distance):
                pending.append(index + Int(distance))
            case .match:
                return true
            }
        }
        return false
    }

    private mutating func take(_ scalar: Unicode.Scalar) {
        let variants = program.foldsCase && !scalar.isASCII ? scalar.caseVariants : []
        for index in takers {
            switch program.instructions[index] {
            case .scalar(scalar.value):
                pending.append(index + 1)
            case .oneOf(let place):
                steps -= program.classes[Int(place)].cost
                if program.classes[Int(place)].contains(scalar, variants: variants) { pending.append(index + 1) }
            default:
                break
            }
        }
        takers.removeAll(keepingCapacity: true)
    }
}
