package import JSON

/// Codable values as JSON and back.
///
/// Numbers stay what they are: an integer keeps its digits, and a `Double` or `Float` is written as
/// the shortest text that reads back as itself. A `JSONValue` within a value travels as it is.
package enum JSONCoding {
    /// Throws what `encode(to:)` throws, and an `EncodingError` for infinities and for what is not a number.
    package static func encode<Value: Encodable>(_ value: Value) throws -> JSONValue {
        try ValueEncoder.encoded(value, at: [])
    }

    /// Throws what `init(from:)` throws: a `DecodingError` with the path where `value` does not fit.
    package static func decode<Value: Decodable>(_ type: Value.Type, from value: JSONValue) throws -> Value {
        try Value(from: ValueDecoder(value: value, codingPath: []))
    }

    /// One sentence for a person: the place, such as `items[2].name`, and what is wrong there.
    package static func explanation(of error: any Error) -> String {
        guard let (path, complaint) = complaint(of: error) else { return "\(error)" }
        let place = path.reduce(into: "") { place, key in
            if let index = key.intValue {
                place += "[\(index)]"
            } else {
                place += (place.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return place.isEmpty ? complaint : "\(place): \(complaint)"
    }

    private static func complaint(of error: any Error) -> (path: [any CodingKey], complaint: String)? {
        switch error {
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.keyNotFound(_, let context), DecodingError.dataCorrupted(let context):
            (context.codingPath, context.debugDescription)
        case EncodingError.invalidValue(_, let context): (context.codingPath, context.debugDescription)
        default: nil
        }
    }
}

/// A name or a place that no type declares.
struct PlainKey: CodingKey {
    static let parent = PlainKey(stringValue: "super")

    var stringValue: String
    var intValue: Int?

    init(stringValue: String) { self.stringValue = stringValue }

    init(intValue: Int) {
        stringValue = String(intValue)
        self.intValue = intValue
    }
}
