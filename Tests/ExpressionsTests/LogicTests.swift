import Expressions
import Testing

@Test(
    "And, or and the conditional decide as soon as they can, on either side of an error",
    arguments: [
        Row("true && true", "true"), Row("true && false", "false"), Row("false || true", "true"),
        Row("false || false", "false"),
        Row("false && 1 / 0 == 1", "false"), Row("1 / 0 == 1 && false", "false"), Row("true || nobody", "true"),
        Row("nobody || true", "true"),
        Row("1 && false", "false"), Row("'a' || true", "true"), Row("nobody || 1 || true", "true"),
        Row("true && nobody.x && false", "false"),
        Row("!(1 == 2)", "true"), Row("true ? 1 : 1 / 0", "1"), Row("false ? 1 / 0 : 2", "2"),
        Row("true ? 1 : 'a'", "1"),
        Row("(true || nobody) && (false || true)", "true"),
    ])
func logic(_ row: Row) throws { try check(row) }

@Test(
    "An undecided operand keeps its error, and the first one is told",
    arguments: [
        ("true && 1 / 0 == 1", "divided by zero"), ("1 / 0 == 1 || false", "divided by zero"),
        ("nobody || 1 / 0 == 1", "`nobody`"),
        ("true && 1", "must be true or false, and is an int"),
        ("'a' || false", "must be true or false, and is a string"),
        ("!null", "must be true or false, and is null"), ("1 ? 2 : 3", "must be true or false, and is an int"),
        ("nobody ? 1 : 2", "`nobody`"),
    ])
func logicFailure(_ source: String, _ words: String) { checkFailure(source, .evaluation, words) }

@Test("A condition holds or does not, and nothing else")
func condition() throws {
    #expect(try Expression(parsing: "state.x == 'y'").holds(fixture))
    #expect(try !Expression(parsing: "state.x == 'z'").holds(fixture))
    let error = #expect(throws: ExpressionError.self) { try Expression(parsing: "state.x").holds(fixture) }
    #expect(error?.kind == .evaluation)
    #expect(error?.message == "This must be true or false, and is a string.")
}
