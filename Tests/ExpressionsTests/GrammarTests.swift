import Expressions
import JSON
import Testing

@Test(
    "Operators bind as the specification says",
    arguments: [
        Row("1 + 2 * 3", "7"), Row("(1 + 2) * 3", "9"), Row("10 - 3 - 2", "5"), Row("100 / 10 / 2", "5"),
        Row("7 % 4 * 2", "6"), Row("-2 * -3", "6"), Row("- 2", "-2"), Row("--2", "2"), Row("-(-9)", "9"),
        Row("!!true", "true"),
        Row("1 + 1 == 2", "true"), Row("1 < 2 == true", "true"), Row("2 in [1, 2] == true", "true"),
        Row("true || false && false", "true"), Row("(true || false) && false", "false"), Row("!true || true", "true"),
        Row("false ? 1 : true ? 2 : 3", "2"),
        Row("true ? (false ? 1 : 2) : 3", "2"),
        Row("1 == 1 ? 'a' + 'b' : 'c'", #""ab""#), Row("-input.n", "-3"), Row("!items[1].ok", "true"),
        Row("[1, 2, 3][1] + {'a': 5}['a']", "7"), Row("{'a': 5}.a", "5"), Row("[[1]][0][0]", "1"),
        Row("'abc'.size()", "3"),
        Row("-5.0 / 2.0", "-2.5"), Row("1 - -1", "2"), Row("input.n-1", "2"),
    ])
func precedence(_ row: Row) throws { try check(row) }

@Test(
    "A syntax error says what was expected, what was found, and where",
    arguments: [
        ("", "Expected a value, found the end.", 0), ("   ", "Expected a value, found the end.", 3),
        ("1 +", "Expected a value, found the end.", 3), ("1 2", "Expected an operator or the end, found `2`.", 2),
        ("(1", "Expected `)`, found the end.", 2), ("[1, 2", "Expected `,` or `]`, found the end.", 5),
        ("[,]", "Expected a value, found `,`.", 1), ("[1,,]", "Expected a value, found `,`.", 3),
        ("{'a' 1}", "Expected `:`, found `1`.", 5), ("{'a': 1 'b'}", "Expected `,` or `}`, found `'b'`.", 8),
        ("a ? b", "Expected `:`, found the end.", 5), ("a.", "Expected the name of a member, found the end.", 2),
        ("a.in", "Expected the name of a member, found `in`.", 2), ("a[", "Expected a value, found the end.", 2),
        ("a[1", "Expected `]`, found the end.", 3), ("size(1,)", "Expected a value, found `)`.", 7),
        ("a = b", "An expression cannot hold a single `=` (`==` compares) here.", 2),
        ("a & b", "An expression cannot hold a single `&` (it is `&&`) here.", 2),
        ("a | b", "An expression cannot hold a single `|` (it is `||`) here.", 2),
        ("ä", "An expression cannot hold `ä` here.", 0),
        ("1\u{1}", "An expression cannot hold a control character here.", 1),
        ("while", "`while` is a reserved word and names nothing.", 0),
        ("a.b{}", "Expected an operator or the end, found `{`.", 3),
        (".1a", "A number and a name need something between them.", 2), (". 'a'", "Expected a name, found `'a'`.", 2),
    ])
func syntaxError(_ source: String, _ message: String, _ offset: Int) {
    let error = #expect(throws: ExpressionError.self) { try Expression(parsing: source) }
    #expect(error?.kind.name == "expression.syntax")
    #expect(error?.message == message)
    #expect(error?.offset == offset)
}

@Test(
    "A function that does not exist is named, and fails whoever comes to its call",
    arguments: [
        ("match('a', 'b')", "match"), ("'a'.upper()", "upper"), ("a.b.c(1)", "c"), ("all([1], 2, true)", "all"),
    ])
func unknownFunction(_ source: String, _ name: String) throws {
    let expression = try Expression(parsing: source)
    #expect(expression.unknownFunctions.map(\.path) == [[name]])
    let error = #expect(throws: ExpressionError.self) { try expression.evaluate([:]) }
    #expect(error?.kind == .evaluation)
    #expect(error?.message == "There is no function `\(name)`.")
    #expect(error?.offset == expression.unknownFunctions[0].offset)
    #expect(try Expression(parsing: "\(source) || true").evaluate([:]) == true)
}

@Test(
    "Functions and macros are known by name and number of arguments when an expression is parsed",
    arguments: [
        ("size()", "`size` is called as size(x) or x.size()."),
        ("'a'.size(1)", "`size` is called as size(x) or x.size()."),
        ("contains('a', 'b')", "`contains` is called as text.contains(part)."),
        ("1.string()", "`string` is called as string(x)."),
        ("int(1, 2)", "`int` is called as int(x)."),
        ("has(a)", "`has` takes the selection of a member, such as has(a.b)."),
        ("has(a['b'])", "`has` takes the selection of a member, such as has(a.b)."),
        ("[1].map(x)", "Expected `,`, found `)`."),
        ("[1].all(1, true)", "Expected the name of `all`'s variable, found `1`."),
        ("[1].all(x.y, true)", "Expected `,`, found `.`."), ("[1].filter(x, true, x)", "Expected `)`, found `,`."),
        ("[1].map(x, 1, 2, 3)", "Expected `)`, found `,`."),
    ])
func callError(_ source: String, _ message: String) {
    let error = #expect(throws: ExpressionError.self) { try Expression(parsing: source) }
    #expect(error?.kind == .syntax)
    #expect(error?.message == message)
}

@Test(
    "An error knows its line and its column in scalars",
    arguments: [
        ("'é' + 1x", 8, 1, 8), ("1 +\n  'ü' +\n  $", 15, 3, 3), ("\n\n", 2, 3, 1), ("'😀' ==", 9, 1, 7),
    ])
func place(_ source: String, _ offset: Int, _ line: Int, _ column: Int) {
    let error = #expect(throws: ExpressionError.self) { try Expression(parsing: source) }
    #expect(error?.offset == offset)
    #expect(error?.place.line == line)
    #expect(error?.place.column == column)
}

@Test(
    "An evaluation error points at the operator, the member or the function that failed",
    arguments: [
        ("1 + 1 / 0", 6), ("input.name.first", 11), ("input.missing", 6), ("input['missing']", 5), ("nobody.x", 0),
        ("[1, 2][7]", 6), ("  int('x')", 2), ("'a'.contains(1)", 4), ("{'a': 1, 'a': 2}", 9),
        ("[1].map(x, x + 'a')", 13),
        ("input.n ? 1 : 2", 6), ("!input.n", 7), ("true && iteration", 8),
    ])
func evaluationErrorPlace(_ source: String, _ offset: Int) throws {
    let expression = try Expression(parsing: source)
    let error = #expect(throws: ExpressionError.self) { try expression.evaluate(fixture) }
    #expect(error?.kind.name == "expression.evaluation")
    #expect(error?.offset == offset)
}
