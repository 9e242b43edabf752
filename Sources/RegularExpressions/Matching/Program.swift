/// What a pattern becomes. Distances count from the instruction itself, so that a run of instructions can be copied.
struct Program: Sendable {
    let instructions: [Instruction]
    let classes: [ScalarClass]
    /// Whether a class has what differs by case alone.
    let foldsCase: Bool
    /// Whether it can begin to match at the start of a text alone.
    let isAnchored: Bool

    init(_ fragment: Fragment, classes: [ScalarClass]) {
        instructions = fragment.instructions + [.match]
        self.classes = classes
        foldsCase = classes.contains(where: \.foldsCase)
        if case .assert(.textStart) = instructions[0] { isAnchored = true } else { isAnchored = false }
    }
}

enum Instruction: Sendable {
    /// Takes this scalar; it may be a surrogate, which no text has.
    case scalar(UInt32)
    /// Takes a scalar of a class, by its place in the table of classes.
    case oneOf(Int32)
    /// Goes on where this holds, and takes nothing.
    case assert(Assertion)
    /// Goes on both with the next instruction and with the one that far away.
    case split(Int32)
    case jump(Int32)
    case match
}

enum Assertion: Sendable {
    case textStart
    case textEnd
    case lineStart
    case lineEnd
    case wordBoundary
    case noWordBoundary

    func holds(between previous: Unicode.Scalar?, and next: Unicode.Scalar?) -> Bool {
        switch self {
        case .textStart: previous == nil
        case .textEnd: next == nil
        case .lineStart: previous == nil || previous == "\n"
        case .lineEnd: next == nil || next == "\n"
        case .wordBoundary: isWord(previous) != isWord(next)
        case .noWordBoundary: isWord(previous) == isWord(next)
        }
    }

    private func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        switch scalar {
        case "0"..."9", "A"..."Z", "a"..."z", "_": return true
        default: return false
        }
    }
}
