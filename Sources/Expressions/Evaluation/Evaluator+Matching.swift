internal import RegularExpressions

extension Evaluator {
    /// How many steps of a search are as much work as a unit of the budget.
    private static let stepsPerUnit = 4
    /// What the slowest pattern takes to compile, for each of its bytes.
    private static let unitsPerByte = 32

    /// Whether a pattern matches somewhere in a text. A pattern is compiled once in an evaluation, a constant one not
    /// even that often.
    mutating func matches(_ text: Value, _ pattern: Value, at id: NodeID) throws(Failure) -> Bool {
        guard case .string(let text) = text, case .string(let pattern) = pattern else {
            throw failure(.noOverload("matches", [text.type, pattern.type]), at: id)
        }
        let expression = try compiled(pattern, at: id)
        let granted = budget.remaining * Self.stepsPerUnit
        var steps = granted
        let isMatch = expression.matches(text, spending: &steps)
        try spend((granted - steps) / Self.stepsPerUnit + 1, at: id)
        guard let isMatch else { throw failure(.budget, at: id) }
        return isMatch
    }

    private mutating func compiled(_ pattern: String, at id: NodeID) throws(Failure) -> RegularExpression {
        let key = Text(pattern)
        if let known = program.patterns[key] ?? patterns[key] { return known }
        try spend(pattern.utf8.count * Self.unitsPerByte, at: id)
        do throws(RegularExpressionError) {
            let expression = try RegularExpression(pattern)
            patterns[key] = expression
            return expression
        } catch {
            throw failure(.pattern(error.message), at: id)
        }
    }
}
