import RegularExpressions
import Testing

/// A line of a table: a pattern, and texts that it matches or does not.
struct Row: Sendable, CustomTestStringConvertible {
    let pattern: String
    let matching: [String]
    let others: [String]

    init(_ pattern: String, _ matching: [String], not others: [String] = []) {
        self.pattern = pattern
        self.matching = matching
        self.others = others
    }

    var testDescription: String { pattern }
}

func check(_ row: Row, _ dialect: RegularExpression.Dialect, location: SourceLocation = #_sourceLocation) throws {
    let expression = try RegularExpression(row.pattern, dialect: dialect)
    for text in row.matching {
        #expect(expression.matches(text), "\(text.debugDescription)", sourceLocation: location)
    }
    for text in row.others {
        #expect(!expression.matches(text), "not \(text.debugDescription)", sourceLocation: location)
    }
}

/// A line of a table: a pattern, where it is wrong, and words of the message.
struct Refusal: Sendable, CustomTestStringConvertible {
    let pattern: String
    let offset: Int
    let words: String

    init(_ pattern: String, _ offset: Int, _ words: String) {
        self.pattern = pattern
        self.offset = offset
        self.words = words
    }

    var testDescription: String { String(pattern.unicodeScalars.prefix(60)) }
}

func check(_ refusal: Refusal, _ dialect: RegularExpression.Dialect, location: SourceLocation = #_sourceLocation) {
    let error = #expect(throws: RegularExpressionError.self, sourceLocation: location) {
        try RegularExpression(refusal.pattern, dialect: dialect)
    }
    #expect(error?.offset == refusal.offset, sourceLocation: location)
    #expect(error?.message.contains(refusal.words) == true, "\(error?.message ?? "")", sourceLocation: location)
}
