/// The instructions of a part of a pattern; whoever runs off its end has matched the part.
struct Fragment {
    /// The greatest size of a program.
    static let greatestCount = 10_000

    private(set) var instructions: [Instruction] = []

    init() {}

    init(_ instruction: Instruction) { instructions = [instruction] }

    struct TooGreat: Error {}

    mutating func append(_ other: Fragment) throws(TooGreat) {
        guard instructions.count + other.instructions.count <= Self.greatestCount else { throw TooGreat() }
        instructions += other.instructions
    }

    /// Any one of the branches.
    init(anyOf branches: [Fragment]) throws(TooGreat) {
        let count = branches.reduce(2 * (branches.count - 1)) { $0 + $1.instructions.count }
        guard count <= Self.greatestCount else { throw TooGreat() }
        instructions.reserveCapacity(count)
        for branch in branches.dropLast() {
            instructions.append(.split(Int32(branch.instructions.count + 2)))
            instructions += branch.instructions
            instructions.append(.jump(Int32(count - instructions.count)))
        }
        instructions += branches.last?.instructions ?? []
    }

    /// The fragment so many times; without an upper bound as often as it matches. How large that gets is known before
    /// anything is copied.
    func repeated(from least: Int, to most: Int?) throws(TooGreat) -> Fragment {
        let size = instructions.count
        guard size > 0 else { return self }
        let (optionalCount, optionalSize) = most.map { ($0 - least, size + 1) } ?? (1, least == 0 ? size + 2 : 1)
        guard max(least, optionalCount) <= Self.greatestCount,
            least * size + optionalCount * optionalSize <= Self.greatestCount
        else { throw TooGreat() }
        var result = Fragment()
        for _ in 0..<least { result.instructions += instructions }
        guard let most else {
            result.appendLoop(of: self, isOptional: least == 0)
            return result
        }
        // Whoever leaves out one leaves out all that follow.
        for remaining in stride(from: most - least, to: 0, by: -1) {
            result.instructions.append(.split(Int32(remaining * (size + 1))))
            result.instructions += instructions
        }
        return result
    }

    /// Goes back as often as one likes; what is not optional has just been appended.
    private mutating func appendLoop(of body: Fragment, isOptional: Bool) {
        let size = body.instructions.count
        if isOptional {
            instructions.append(.split(Int32(size + 2)))
            instructions += body.instructions
            instructions.append(.jump(Int32(-size - 1)))
        } else {
            instructions.append(.split(Int32(-size)))
        }
    }
}
