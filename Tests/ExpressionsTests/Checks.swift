import Expressions
import JSON
import Testing

/// What the tables' expressions find bound.
let fixture: Bindings = [
    "input": ["name": "Ada", "tags": ["a", "b"], "n": 3, "ratio": 2.5, "none": nil, "content-type": "text/plain"],
    "state": ["x": "y", "deep": ["er": ["est": 42]]],
    "items": [["id": "a", "ok": true], ["id": "b", "ok": false], ["id": "c", "ok": true]],
    "iteration": 2,
    "great": .number(JSONNumber(parsing: "123456789012345678901")!),
    "price": .number(JSONNumber(parsing: "1.10")!),
    "hundred": .number(JSONNumber(parsing: "1e2")!),
    "unsigned": .number(JSONNumber(parsing: "18446744073709551615")!),
]

/// A line of a table: an expression and the JSON text of its value, to the letter.
struct Row: Sendable, CustomTestStringConvertible {
    let source: String
    let expected: String

    init(_ source: String, _ expected: String) {
        self.source = source
        self.expected = expected
    }

    var testDescription: String { "\(source) → \(expected)" }
}

func check(_ row: Row, location: SourceLocation = #_sourceLocation) throws {
    let value = try Expression(parsing: row.source).evaluate(fixture)
    #expect(value.serialized() == row.expected, sourceLocation: location)
}

/// Checks the kind of the error, and that its message holds the expected words.
func checkFailure(_ source: String, _ kind: ExpressionError.Kind, _ words: String) {
    let error = #expect(throws: ExpressionError.self) { try Expression(parsing: source).evaluate(fixture) }
    #expect(error?.kind == kind)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
}
