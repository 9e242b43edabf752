package import JSON

/// What a request is called, and its answer with it. Ids are equal when they are written alike.
package enum RequestID: Sendable {
    case integer(Int)
    /// An integer that no `Int` holds or prints, such as -0; never a fraction.
    case number(JSONNumber)
    case string(String)
    case null

    /// Nil for what JSON-RPC does not take as an id: fractions and exponents, Booleans, arrays and objects.
    package init?(_ value: JSONValue) {
        switch value {
        case .number(let number):
            guard number.isInteger else { return nil }
            let int = number.int.flatMap { String($0) == number.text ? $0 : nil }
            self = int.map(RequestID.integer) ?? .number(number)
        case .string(let text): self = .string(text)
        case .null: self = .null
        case .bool, .array, .object: return nil
        }
    }
}

extension RequestID: Hashable {
    package static func == (left: RequestID, right: RequestID) -> Bool {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left.text == right.text
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.null, .null): true
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .integer(let value): hasher.combine(value)
        case .number(let number): hasher.combine(number)
        case .string(let text): hasher.combine(text)
        case .null: hasher.combine(0)
        }
    }
}

extension RequestID {
    /// A text in ASCII that is the same for equal ids alone.
    package var spelling: String {
        switch self {
        case .integer(let value): String(value)
        case .number(let number): number.text
        case .string(let text) where text.utf8.allSatisfy { $0 < 0x80 }: "\"" + text
        // Strings are equal when they are canonically equivalent; ids are not.
        case .string(let text): "'" + text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined()
        case .null: "null"
        }
    }
}

extension RequestID: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        switch self {
        case .integer(let value): writer.int(value)
        case .number(let number): writer.number(number)
        case .string(let text): writer.string(text)
        case .null: writer.null()
        }
    }
}

extension RequestID: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(stringLiteral value: String) { self = .string(value) }
}
