import Expressions
import JSON
import Testing

@Test(
    "A string with expressions becomes a value or a text",
    arguments: [
        Row("plain", #""plain""#), Row("", #""""#), Row("${input.n}", "3"), Row("${input.ratio}", "2.5"),
        Row("${input.none}", "null"),
        Row("${input.tags}", #"["a","b"]"#), Row("${price}", "1.10"), Row("${great}", "123456789012345678901"),
        Row(" ${input.n}", #"" 3""#), Row("${ input.n }", "3"),
        Row("Hello ${input.name}!", #""Hello Ada!""#), Row("${input.name}${input.name}", #""AdaAda""#),
        Row("a${input.none}b", #""ab""#),
        Row("${price}, ${great}, ${2.0}, ${1u}", #""1.10, 123456789012345678901, 2.0, 1""#),
        Row("${true}?", #""true?""#),
        Row("t: ${input.tags} ${ {\"a\": null} }", #""t: [\"a\",\"b\"] {\"a\":null}""#),
        Row("b: ${b'abc'}", #""b: YWJj""#),
        Row("${ {\"a\": 1}[\"a\"] }", "1"), Row("${'}'}", #""}""#), Row("${{'a': {'b': 2}}.a.b}", "2"),
        Row("${'${'}", #""${""#), Row("x${'$' + '{'}y", #""x${y""#),
        Row("$${input.n}", #""${input.n}""#), Row("$$${input.n}", #""$${input.n}""#), Row("$", #""$""#),
        Row("$$", #""$$""#), Row("a$b{c}", #""a$b{c}""#),
        Row("$${a} ${input.n}", #""${a} 3""#), Row("${input.n}$", #""3$""#), Row("${input.n}}", #""3}""#),
        Row("}${input.n}", #""}3""#), Row("ä${input.n}ö", #""ä3ö""#),
        Row("${'''a}'''}", #""a}""#), Row("${1 // }\n}", "1"),
    ])
func templateString(_ row: Row) throws {
    let value = try Template(parsing: .string(row.source)).evaluate(fixture)
    #expect(value.serialized() == row.expected)
}

@Test("A template keeps the shape of its JSON, the order of members, and literal keys")
func templateStructure() throws {
    let source: JSONValue = [
        "${input.n}": ["${input.n}", 1, nil, "x${iteration}"], "b": ["c": "$${", "a": "${state.deep}"], "n": 2.50,
    ]
    let template = try Template(parsing: source)
    let expected = #"{"${input.n}":[3,1,null,"x2"],"b":{"c":"${","a":{"er":{"est":42}}},"n":2.5}"#
    #expect(try template.evaluate(fixture).serialized() == expected)
    #expect(template.source == source)
    #expect(!template.isConstant)
    #expect(template == (try Template(parsing: source)))
}

@Test("Text that was put in is not evaluated again")
func noSecondEvaluation() throws {
    let bindings: Bindings = ["evil": "${secret}", "secret": 1]
    #expect(try Template(parsing: "${evil}").evaluate(bindings) == "${secret}")
    #expect(try Template(parsing: "<${evil}>").evaluate(bindings) == "<${secret}>")
}

@Test(
    "A template without expressions is constant, even where it escapes",
    arguments: [nil, 1, "a", "$${a}", ["a", ["b": "c"]], [:]] as [JSONValue])
func constantTemplate(_ source: JSONValue) throws {
    #expect(try Template(parsing: source).isConstant)
}

@Test("A template lists its expressions with their pointers, offsets counted in the whole string")
func templateExpressions() throws {
    let template = try Template(parsing: ["a": ["x", "é ${input.n} and ${ state.x }"], "b/c": "${iteration}"])
    let found = template.expressions
    #expect(found.map(\.pointer.description) == ["/a/1", "/a/1", "/b~1c"])
    #expect(found.map(\.expression.source) == ["input.n", " state.x ", "iteration"])
    #expect(found.map { $0.expression.names[0].offset } == [5, 21, 2])
}

@Test(
    "A template that is none says where",
    arguments: [
        ("${", "Expected a value, found the end.", 2), ("${}", "Expected a value, found `}`.", 2),
        ("a ${b", "Expected an operator or the `}` that closes `${`, found the end.", 5),
        ("${a b}", "Expected an operator or the `}` that closes `${`, found `b`.", 4),
        ("${a} ${1 +}", "Expected a value, found `}`.", 10), ("${'a}", "This string has no closing quote.", 2),
        ("${a // }", "Expected an operator or the `}` that closes `${`, found the end.", 8),
    ])
func badTemplate(_ text: String, _ message: String, _ offset: Int) throws {
    let error = #expect(throws: TemplateError.self) { try Template(parsing: ["ok": 1, "list": [nil, .string(text)]]) }
    #expect(error?.pointer.description == "/list/1")
    #expect(error?.error.kind == .syntax)
    #expect(error?.error.message == message)
    #expect(error?.error.offset == offset)
}

@Test("An evaluation error in a template counts its offset in the whole string")
func templateEvaluationError() throws {
    let template = try Template(parsing: ["a": "übergroß: ${input.n}, ${input.nope}"])
    let error = #expect(throws: ExpressionError.self) { try template.evaluate(fixture) }
    #expect(error?.kind == .evaluation)
    #expect(error?.offset == 32)
    #expect(error?.place.column == 31)
    let infinite = try Template(parsing: "x ${1.0 / 0.0}")
    #expect(throws: ExpressionError.self) { try infinite.evaluate(fixture) }
}
