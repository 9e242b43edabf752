import RegularExpressions
import Testing

private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

@Test(
    "A pattern that would grow too great is refused before it grows",
    arguments: [
        Refusal("(((a{1000}){1000}){1000})", 2, "instructions"), Refusal("((a{100}){100}){100}", 0, "instructions"),
        Refusal("(a{1000}){11}", 0, "instructions"), Refusal("(a{0,1000}){6}", 0, "instructions"),
        Refusal("(?:a{999}b){1000}", 0, "instructions"), Refusal(repeated("a{1000}", 11), 70, "instructions"),
        Refusal(repeated("a", 10_001), 10_000, "instructions"), Refusal(repeated("a|", 4000), 0, "instructions"),
        Refusal(repeated("a", 1_000_000), 0, "bytes long"), Refusal(repeated("(", 1_000_000), 0, "bytes long"),
        Refusal(repeated("(", 10_000), 129, "nested"),
        Refusal(repeated("(?:", 1000) + repeated(")", 1000), 387, "nested"),
        Refusal(repeated("(", 128) + "a" + repeated("{2})", 128), 115, "instructions"),
    ], [RegularExpression.Dialect.re2, .ecma])
func tooGreat(_ refusal: Refusal, _ dialect: RegularExpression.Dialect) {
    check(refusal, dialect)
}

@Test("What is within the bounds is understood")
func withinBounds() throws {
    let rows = [
        Row(repeated("(", 128) + "a" + repeated(")", 128), ["a"]),
        Row("^" + repeated("a", 9999), [repeated("a", 9999)]),
        Row("^(a{100}){99}", [repeated("a", 9900)], not: [repeated("a", 9899)]), Row(repeated("()", 10_000), [""]),
        Row(repeated("(a{1000}){0}", 1000), [""]), Row("^" + repeated("[a-z]", 3999), [repeated("b", 3999)]),
        Row("^(?i)" + repeated("[é]", 3999), [repeated("É", 3999)]), Row("[" + repeated("\\pL\\d", 3000) + "]", ["a"]),
        Row("(?i)[" + repeated("a-z", 6000) + "]", ["K"]), Row("[" + repeated("\\p{Arabic}", 1900) + "]", ["ش"]),
    ]
    for row in rows { try check(row, .re2) }
}

@Test(
    "A search takes steps in proportion to the program times the text, whatever the pattern",
    arguments: [
        ("(a+)+$b", 8), ("(a|aa)+b", 10), ("(.*)*(.*)*(.*)*b", 20), ("(a|a|a|a)*b", 16),
        ("(a?){50}a{50}b", 210),
        ("((a{0,5}){0,5}){0,5}b", 300), ("(?:(?:)*)*b", 8), ("(^|a)*b", 10), ("[a-z]*.*\\w*b", 14),
    ])
func linear(_ pattern: String, size: Int) throws {
    let text = repeated("a", 5000)
    let expression = try RegularExpression(pattern)
    var steps = Int.max
    #expect(expression.matches(text, spending: &steps) == false)
    #expect(Int.max - steps <= size * 5001)
    #expect(expression.matches(text + "b") == (pattern != "(a+)+$b"))
}

@Test("What takes others a lifetime takes 100 kB of text a step for each of its few instructions")
func longText() throws {
    var steps = Int.max
    #expect(try RegularExpression("(a*)*b").matches(repeated("a", 100_000), spending: &steps) == false)
    #expect(Int.max - steps <= 8 * 100_001)
}

@Test("A search that may take no more steps has no answer, and ends there")
func outOfSteps() throws {
    let expression = try RegularExpression("(a*)*b")
    var steps = 1000
    #expect(expression.matches(repeated("a", 1_000_000), spending: &steps) == nil)
    #expect(steps < 0)
    var enough = 1000
    #expect(expression.matches("aaab", spending: &enough) == true)
    #expect(900..<1000 ~= enough)
}

@Test("A pattern that begins at the start is not tried anywhere else")
func anchored() throws {
    var steps = Int.max
    #expect(try RegularExpression("^b").matches(repeated("a", 100_000), spending: &steps) == false)
    #expect(Int.max - steps < 10)
}

@Test("No garbage crashes the parser or the matcher")
func garbage() throws {
    var state: UInt64 = 42
    let fragments = [
        "a", "é", "🎼", ".", "[", "]", "(", ")", "{", "}", "*", "+", "?", "|", "^", "$", "\\", "\\d", "\\p{", "L}",
        "\\x", "41",
        "\\Q", "\\E", "(?i)", "(?", ":", "<n>", "-", "{2,}", "{99", "99}", ",", "[:alpha:]", "\\u", "{", "D83C", "[^",
        "\\b",
    ]
    for _ in 0..<20_000 {
        var pattern = ""
        for _ in 0..<10 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            pattern += fragments[Int(state >> 33) % fragments.count]
        }
        for dialect in [RegularExpression.Dialect.re2, .ecma] {
            do {
                var steps = 100_000
                _ = try RegularExpression(pattern, dialect: dialect).matches("aé🎼 \n-7[]", spending: &steps)
            } catch {
                #expect(0...pattern.utf8.count ~= error.offset, "\(pattern)")
            }
        }
    }
}
