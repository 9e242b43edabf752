import Expressions
import JSON
import Testing

/// A text too long to be shown.
struct LongText: Sendable, CustomTestStringConvertible {
    let text: String

    var testDescription: String { "\(text.prefix(40))… (\(text.utf8.count) bytes)" }
}

private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

@Test(
    "What nests too deep is refused, however long it is",
    arguments: [
        repeated("(", 1_000_000), repeated("[", 1_000_000), repeated("{", 1_000_000), repeated("-", 1_000_000) + "1",
        repeated("!", 1_000_000) + "true",
        repeated("- ", 500_000) + "1", "a" + repeated(".a", 500_000), "a" + repeated("[0]", 300_000),
        "1" + repeated("+1", 500_000), "1" + repeated(" == 1", 200_000),
        repeated("a ? b : ", 200_000) + "c", repeated("a[", 500_000), repeated("size(", 200_000),
        repeated("{'a':", 200_000), repeated("(", 1000) + "1" + repeated(")", 1000),
        "[1]" + repeated(".map(x, x)", 1000), repeated("[1].map(x, ", 1000), repeated("has(", 1000),
        "a" + repeated(" in a", 1000),
    ].map { LongText(text: $0) })
func tooDeep(_ source: LongText) {
    let error = #expect(throws: ExpressionError.self) { try Expression(parsing: source.text) }
    #expect(error?.kind == .syntax)
    #expect(error?.message.contains("levels deep") == true, "\(error?.message ?? "")")
}

@Test("Reasonable depth and great breadth are fine")
func broadEnough() throws {
    let many = 10_000
    let sources: [(String, JSONValue)] = [
        (repeated("(", 100) + "1" + repeated(")", 100), 1), (repeated("!", 100) + "true", true),
        (repeated("false || ", many) + "true", true),
        (repeated("true && ", many) + "false", false), ("1" + repeated(" + 1", 100), 101),
        ("[" + repeated("1,", many) + "1].size()", .init(many + 1)),
        (repeated("false ? 1 : ", 100) + "2", 2), ("'" + repeated("a", 1_000_000) + "'.size()", 1_000_000),
        ("1" + repeated(" ", 1_000_000), 1),
        ("{" + (0..<many).map { "'k\($0)': \($0)" }.joined(separator: ",") + "}.k77", 77),
        ("//" + repeated("x", 1_000_000) + "\n1", 1),
    ]
    for (source, expected) in sources {
        #expect(try Expression(parsing: source).evaluate(fixture) == expected, "\(source.prefix(40))")
    }
}

@Test(
    "A literal of a million digits is refused at once",
    arguments: [
        repeated("9", 1_000_000), "0x" + repeated("f", 1_000_000), repeated("9", 1_000_000) + ".0",
        "1e" + repeated("9", 1_000_000), repeated("9", 1_000_000) + "u",
    ].map { LongText(text: $0) })
func hugeLiteral(_ source: LongText) {
    let error = #expect(throws: ExpressionError.self) { try Expression(parsing: source.text) }
    #expect(error?.kind == .syntax)
    #expect(error?.offset == 0)
}

@Test("The patterns of an expression are bounded together, and one that stands twice counts once")
func patternsTogether() throws {
    let many = (0..<2000).map { "x.matches('(?i)[é]{\($0 % 9)}\($0)')" }.joined(separator: " || ")
    let error = #expect(throws: ExpressionError.self) { try Expression(parsing: many) }
    #expect(error?.kind == .syntax)
    #expect(error?.message.contains("patterns of an expression") == true, "\(error?.message ?? "")")
    let same = Array(repeating: "'a'.matches('[b-z]{10}')", count: 2000).joined(separator: " || ")
    #expect(try !Expression(parsing: same).holds([:]))
}

private let thousand = "[" + (0..<1000).map(String.init).joined(separator: ",") + "]"

@Test(
    "The budget ends what would run on, or grow on, and nothing absorbs that",
    arguments: [
        "\(thousand).map(a, \(thousand).map(b, \(thousand).map(c, a + b + c)))",
        "\(thousand).all(a, \(thousand).all(b, \(thousand).exists(c, 1 / 0 == 1)))",
        "\(thousand).exists(a, \(thousand).exists(b, \(thousand).exists(c, c < 0))) || true",
        "false && false || (\(thousand).exists(a, \(thousand).exists(b, a < 0)) || true)",
        "['foo']" + repeated(".map(x, x + x + x + x + x + x + x + x)", 20),
        "[b'foo']" + repeated(".map(x, x + x + x + x + x + x + x + x)", 20),
        "[[1]]" + repeated(".map(x, x + x + x + x + x + x + x + x)", 20), "[1]" + repeated(".map(x, [x, x])", 60),
        "[1]" + repeated(".map(x, {'a': x, 'b': x})", 60),
        "[1]" + repeated(".map(x, [x, x])", 60) + " == [1]" + repeated(".map(x, [x, x])", 60),
        "[1]" + repeated(".map(x, [x, x])", 60) + " in [[1]" + repeated(".map(x, [x, x])", 60) + "]",
        "[long].map(x, long == x + '' || true)" + repeated(".map(x, long + long != long)", 1),
        "\(thousand).map(x, long.contains('b'))", "\(thousand).map(x, long.size())", "\(thousand).map(x, {long: 1})",
        "\(thousand).map(x, long in {})",
        "\(thousand).all(x, digits != x)", "\(thousand).exists(x, digits)", "\(thousand).exists(x, digits.a)",
        "\(thousand).exists(x, [digits] == [x])", "\(thousand).map(x, has({}.\(repeated("a", 100_000))))",
        "\(thousand).map(x, bytes(long))",
        "\(thousand).map(x, \(thousand).map(y, duration('\(repeated("1ns", 100))')))",
        "long.matches('(a?){1000}(a?){1000}b')",
        "\(thousand).all(x, long.matches('a*b') || true)",
        "\(thousand).all(x, 'a'.matches('\(repeated("a", 100))' + string(x)) || true)",
        "\(thousand).map(x, \(thousand).map(y, timestamp(0).getHours('Nowhere') == 1 || true))",
        "\(thousand).map(x, long < long)",
    ].map { LongText(text: $0) })
func budget(_ source: LongText) throws {
    let bindings: Bindings = [
        "long": .string(repeated("a", 10_000_000)), "digits": .number(JSONNumber(parsing: repeated("9", 100_000))!),
    ]
    let expression = try Expression(parsing: source.text)
    let error = #expect(throws: ExpressionError.self) { try expression.evaluate(bindings) }
    #expect(error?.kind.name == "expression.budget", "\(error?.message ?? "")")
}

@Test("A search that matches almost everywhere is linear")
func searchIsLinear() throws {
    let bindings: Bindings = ["text": .string(repeated("a", 1_000_000)), "part": .string(repeated("a", 500_000) + "b")]
    #expect(try !Expression(parsing: "text.contains(part)").holds(bindings))
    #expect(try Expression(parsing: "(text + 'b').contains(part)").holds(bindings))
}

@Test("All expressions of a template share one budget")
func templateBudget() throws {
    let one = "${\(thousand).map(a, [\(repeated("1, ", 600))].size()).size()}"
    #expect(try Template(parsing: .string(one)).evaluate(fixture) == 1000)
    let template = try Template(parsing: .array(Array(repeating: .string(one), count: 2)))
    let error = #expect(throws: ExpressionError.self) { try template.evaluate(fixture) }
    #expect(error?.kind == .budget)
    let texts = try Template(parsing: .string(repeated("${long}", 10_000)))
    let long: Bindings = ["long": .string(repeated("x", 100_000))]
    #expect(throws: ExpressionError.self) { try texts.evaluate(long) }
}

@Test("A message does not repeat a key of any length")
func boundedMessage() throws {
    let bindings: Bindings = ["m": [:], "k": .string(repeated("k", 1_000_000))]
    let error = #expect(throws: ExpressionError.self) { try Expression(parsing: "m[k]").evaluate(bindings) }
    #expect((error?.message.utf8.count ?? 0) < 200)
}

@Test("No garbage crashes the parser")
func garbage() {
    var state: UInt64 = 42
    let fragments = [
        "a", ".", "[", "]", "(", ")", "{", "}", "'", "\"", "1", "e", "0x", "u", "?", ":", ",", "&&", "||", "in", " ",
        "\\", "`", "$", "map", "x", "-", "!", "é", "\u{0}", "b", "r", "//", "\n", "==", "'a'.matches('", "(a|b)*')",
        "timestamp(0)", "duration('", "1h')", ".getHours('", "+01:00')", "google.protobuf.",
    ]
    for _ in 0..<20_000 {
        var source = ""
        for _ in 0..<12 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            source += fragments[Int(state >> 33) % fragments.count]
        }
        do {
            let expression = try Expression(parsing: source)
            _ = expression.names
            _ = try expression.evaluate(fixture)
        } catch {
            #expect(0...source.utf8.count ~= error.offset)
        }
    }
}
