import Expressions
import JSON
import Testing

@Test(
    "What is merely selected comes out as it went in",
    arguments: [
        "1", "-0", "0", "2.0", "1.10", "1e2", "1E+2", "123456789012345678901", "-123456789012345678901",
        "0.1000000000000000055511151231257827",
        "1e999", "18446744073709551615", #""text""#, "null", "true", #"[1,2.50,[null]]"#, #"{"b":1.0,"a":[{"c":2e0}]}"#,
        "[]", "{}",
    ])
func untouched(_ text: String) throws {
    let bindings = Bindings(("x", try JSONValue(parsing: text)), ("o", .object(["m": try JSONValue(parsing: text)])))
    for source in ["x", "o.m", "[o][0].m", "[o].map(i, i.m)[0]", "true ? o['m'] : null", "dyn(x)", "{'k': x}.k"] {
        #expect(try Expression(parsing: source).evaluate(bindings).serialized() == text, "\(source)")
    }
}

@Test(
    "What was computed becomes the JSON of its type",
    arguments: [
        Row("1 + 1", "2"), Row("1u + 1u", "2"), Row("1.0 + 1.0", "2.0"), Row("1e15 * 10.0", "1e+16"),
        Row("5e-324", "5e-324"), Row("[1u, 2.0, 'a', null, true]", #"[1,2.0,"a",null,true]"#),
        Row("{'a': {'b': b'hi!'}}", #"{"a":{"b":"aGkh"}}"#), Row("b'a'", #""YQ==""#), Row("b'ab'", #""YWI=""#),
        Row("b'abc'", #""YWJj""#),
        Row("b'\\xfb\\xff\\xfe\\xff'", #""+//+/w==""#), Row("{'z': 1, 'a': 2}", #"{"z":1,"a":2}"#),
        Row("[input.tags, input.none]", #"[["a","b"],null]"#),
    ])
func computed(_ row: Row) throws { try check(row) }

@Test(
    "What JSON cannot hold is refused",
    arguments: [
        ("1.0 / 0.0", "no infinity"), ("-1 / 0.0", "no infinity"), ("0.0 / 0.0", "no infinity and no NaN"),
        ("[[1.0 / 0.0]]", "no infinity"), ("{1: 2}", "keys"),
        ("{true: 1}", "keys"), ("{1u: 1}", "keys"), ("type(1)", "A type (`int`)"), ("[int]", "A type (`int`)"),
        ("{'a': string}", "A type (`string`)"),
    ])
func notJSON(_ source: String, _ words: String) { checkFailure(source, .notJSON, words) }

@Test("Bindings find the last of a name, can be changed, and shadow the names of types")
func bindings() throws {
    var bindings = Bindings(("a", 1), ("b", 2), ("a", 3))
    #expect(bindings["a"] == 3)
    bindings["a"] = 4
    #expect(bindings["a"] == 4)
    bindings["b"] = nil
    #expect(bindings["b"] == nil)
    #expect(try Expression(parsing: "a").evaluate(bindings) == 4)
    let dictionary: [String: JSONValue] = ["list": [1]]
    #expect(try Expression(parsing: "list[0]").evaluate(Bindings(dictionary)) == 1)
    #expect(try Expression(parsing: "nobody || true").holds(Bindings()))
}
