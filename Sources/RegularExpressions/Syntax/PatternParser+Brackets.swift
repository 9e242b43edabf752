extension PatternParser {
    /// Cursor after the bracket.
    mutating func bracketClass(from start: Int) throws(RegularExpressionError) -> Fragment {
        let isNegated = take("^")
        var members = ScalarClass()
        // In RE2 a bracket that comes first is a member, for an empty class is of no use.
        if dialect == .re2, rest.first == "]" { try insertMember(into: &members, from: start) }
        while !take("]") {
            guard !rest.isEmpty else { throw error("This `[` is not closed.", at: start) }
            try insertMember(into: &members, from: start)
        }
        return fragment(for: members, isNegated: isNegated)
    }

    /// A scalar, a range of them, or a class within the class.
    private mutating func insertMember(
        into members: inout ScalarClass, from start: Int
    ) throws(RegularExpressionError) {
        let memberOffset = offset
        if dialect == .re2, take("[:") {
            members.formUnion(try posixClass(from: memberOffset))
            return
        }
        if let scalarClass = try escapedClassInBrackets(from: memberOffset) {
            // RE2 takes a hyphen after a class for itself.
            guard dialect == .re2 || !isRange else {
                throw error("A class cannot be the bound of a range.", at: memberOffset)
            }
            members.formUnion(scalarClass)
            return
        }
        let first = try scalarInBrackets()
        guard isRange else {
            members.insert(first...first)
            return
        }
        _ = advance()
        let lastOffset = offset
        guard try escapedClassInBrackets(from: lastOffset) == nil else {
            throw error("A class cannot be the bound of a range.", at: lastOffset)
        }
        let last = try scalarInBrackets()
        guard first <= last else { throw error("The bounds of this range are in the wrong order.", at: memberOffset) }
        members.insert(first...last)
    }

    /// Whether a hyphen follows, and something before the closing bracket.
    private var isRange: Bool {
        guard rest.first == "-", let bound = rest.dropFirst().first else { return false }
        return bound != "]"
    }

    private mutating func escapedClassInBrackets(from start: Int) throws(RegularExpressionError) -> ScalarClass? {
        let before = rest
        guard take("\\") else { return nil }
        if let scalarClass = try escapedClass(from: start) { return scalarClass }
        reset(to: before)
        return nil
    }

    private mutating func scalarInBrackets() throws(RegularExpressionError) -> UInt32 {
        let start = offset
        guard !rest.isEmpty else { throw error("The class is not closed.", at: start) }
        return take("\\") ? try escapedScalar(from: start, inBrackets: true) : advance().value
    }

    private mutating func posixClass(from start: Int) throws(RegularExpressionError) -> ScalarClass {
        let isNegated = take("^")
        guard let name = takeText(upTo: ":"), take("]"), let named = ScalarClass(posixName: name) else {
            throw error("There is no class of this name.", at: start)
        }
        return isNegated ? named.inverted : named
    }
}
