/// Builds values from the tokens of a scanner.
package struct JSONReader {
    private var scanner: JSONScanner

    package init(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int = JSONScanner.greatestDepth) {
        scanner = JSONScanner(bytes, maximumDepth: maximumDepth)
    }

    /// The one value that the bytes hold, with nothing but white space around it.
    package mutating func document() throws(JSONError) -> JSONValue {
        let value = try value()
        try scanner.expectEnd()
        return value
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        switch try scanner.peekValue() {
        case .openBrace: return .object(try object())
        case .openBracket: return .array(try array())
        case .quote: return .string(scanner.text(of: try scanner.string()))
        case UInt8(ascii: "t"):
            try scanner.skipLiteral("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try scanner.skipLiteral("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try scanner.skipLiteral("null")
            return .null
        default:
            let token = try scanner.number()
            let text = UnsafeRawBufferPointer(rebasing: scanner.bytes[token.range])
            return .number(JSONNumber(scanned: text, isInteger: token.isInteger))
        }
    }

    private mutating func object() throws(JSONError) -> JSONObject {
        try scanner.beginObject()
        var object = JSONObject()
        var first = true
        while let key = try scanner.nextKey(first: &first) {
            object.set(scanner.text(of: key), to: try value())
        }
        return object
    }

    private mutating func array() throws(JSONError) -> [JSONValue] {
        try scanner.beginArray()
        var elements: [JSONValue] = []
        var first = true
        while try scanner.nextElement(first: &first) {
            elements.append(try value())
        }
        return elements
    }
}
