package import JSON

/// Any JSON, written as Swift writes its literals: `["repo": "acme/app", "tries": 3, "tags": ["a", nil]]`.
///
/// As a part of a `Codable` type it stands for whatever is there. Numbers keep their digits; the order of members does
/// not count.
public struct JSON: Sendable, Hashable {
    package var value: JSONValue

    package init(_ value: JSONValue) { self.value = value }

    /// Reads a text.
    ///
    /// - Throws: An error that says, in a sentence, what is no JSON and at which byte.
    public init(parsing text: String) throws {
        value = try JSONValue(parsing: text)
    }

    /// What a value says of itself.
    ///
    /// - Throws: `EncodingError`, where it holds an infinity for example.
    public init(encoding value: some Encodable) throws {
        self.value = try JSONCoding.encode(value)
    }

    /// The value of a type that this is.
    ///
    /// - Throws: `DecodingError`, with the path to what does not fit.
    public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try JSONCoding.decode(type, from: value)
    }
}

extension JSON: CustomStringConvertible {
    /// The compact text.
    public var description: String { value.serialized() }
}

extension JSON: Codable {
    public init(from decoder: any Decoder) throws { value = try JSONValue(from: decoder) }
    public func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}

// MARK: Literals

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { value = .null }
    public init(booleanLiteral value: Bool) { self.value = .bool(value) }
    public init(integerLiteral value: Int) { self.value = JSONValue(value) }
    public init(floatLiteral value: Double) { self.value = JSONValue(floatLiteral: value) }
    public init(stringLiteral value: String) { self.value = .string(value) }
    public init(arrayLiteral elements: JSON...) { value = .array(elements.map(\.value)) }

    /// Where a name is repeated, the last value wins.
    public init(dictionaryLiteral members: (String, JSON)...) {
        value = .object(JSONObject(members.map { ($0, $1.value) }))
    }
}
