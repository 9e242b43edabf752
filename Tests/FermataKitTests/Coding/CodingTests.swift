import FermataKit
import JSON
import Testing

@Suite("Codable values as JSON")
struct CodingTests {
    struct Address: Codable, Equatable {
        var street: String
        var number: Int?
    }

    enum Shape: Codable, Equatable {
        case point
        case circle(radius: Double)
        case polygon([Address])
    }

    enum Size: String, Codable, CodingKeyRepresentable {
        case small, large
    }

    class Animal: Codable {
        var name: String
        init(name: String) { self.name = name }
    }

    final class Dog: Animal {
        var isLoud = true

        enum Keys: CodingKey { case isLoud }

        override init(name: String) { super.init(name: name) }

        required init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            isLoud = try container.decode(Bool.self, forKey: .isLoud)
            try super.init(from: container.superDecoder())
        }

        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            let parent = container.superEncoder()
            try container.encode(isLoud, forKey: .isLoud)
            try super.encode(to: parent)
        }
    }

    /// A matrix that opens its rows before it fills them, and members within elements.
    struct Grid: Codable, Equatable {
        var rows: [[Int]]

        enum Keys: CodingKey { case rows, size }

        init(rows: [[Int]]) { self.rows = rows }

        init(from decoder: any Decoder) throws {
            var outer = try decoder.container(keyedBy: Keys.self).nestedUnkeyedContainer(forKey: .rows)
            rows = []
            while !outer.isAtEnd {
                var inner = try outer.nestedUnkeyedContainer()
                var row: [Int] = []
                while !inner.isAtEnd { row.append(try inner.decode(Int.self)) }
                rows.append(row)
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            var outer = container.nestedUnkeyedContainer(forKey: .rows)
            var inner = rows.map { _ in outer.nestedUnkeyedContainer() }
            var size = container.nestedContainer(keyedBy: PlainName.self, forKey: .size)
            for (index, row) in rows.enumerated() { for cell in row { try inner[index].encode(cell) } }
            try size.encode(rows.count, forKey: PlainName(stringValue: "count"))
            try size.encodeNil(forKey: PlainName(stringValue: "none"))
        }
    }

    struct PlainName: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private func check<Value: Codable & Equatable>(
        _ value: Value, _ json: JSONValue, _ location: SourceLocation = #_sourceLocation
    ) throws {
        let encoded = try JSONCoding.encode(value)
        #expect(encoded.serialized() == json.serialized(), sourceLocation: location)
        #expect(try JSONCoding.decode(Value.self, from: json) == value, sourceLocation: location)
    }

    @Test("What stands alone is what JSON calls it")
    func singleValues() throws {
        try check(true, true)
        try check("é\u{0}🎼", "é\u{0}🎼")
        try check(Int?.none, nil)
        try check(Int?.some(7), 7)
        try check(Int8.min, -128)
        try check(UInt16.max, 65535)
    }

    @Test("Numbers keep every digit")
    func exactNumbers() throws {
        for (json, value) in [("9223372036854775807", Int64.max), ("-9223372036854775808", .min)] {
            try check(value, JSONValue(parsing: json))
        }
        try check(UInt64.max, JSONValue(parsing: "18446744073709551615"))
        try check(Double.leastNonzeroMagnitude, JSONValue(parsing: "5e-324"))
        try check(-0.0, JSONValue(parsing: "-0.0"))
        try check(2.0, 2.0)
        try check(Float(0.1), 0.1)
    }

    @Test("Structures become objects and arrays, and what is nil is left out")
    func structures() throws {
        try check(Address(street: "Low", number: 3), ["street": "Low", "number": 3])
        try check(Address(street: "Low", number: nil), ["street": "Low"])
        try check([Address?.none, Address(street: "A")], [nil, ["street": "A"]])
        try check([[1], [], [2, 3]], [[1], [], [2, 3]])
        try check(["a": [true]], ["a": [true]])
        try check([7: "seven"], ["7": "seven"])
        try check([Size.large: 1], ["large": 1])
        try check(Grid(rows: [[1, 2], []]), ["rows": [[1, 2], []], "size": ["count": 2, "none": nil]])
    }

    @Test("Cases with values are objects with their name")
    func enumerations() throws {
        try check(Shape.point, ["point": [:]])
        try check(Shape.circle(radius: 0.5), ["circle": ["radius": 0.5]])
        try check(Shape.polygon([Address(street: "A")]), ["polygon": ["_0": [["street": "A"]]]])
        try check(Size.small, "small")
    }

    @Test("A class and the one it inherits from stand in each other")
    func inheritance() throws {
        let encoded = try JSONCoding.encode(Dog(name: "Rex"))
        #expect(encoded == ["super": ["name": "Rex"], "isLoud": true])
        let decoded = try JSONCoding.decode(Dog.self, from: encoded)
        #expect(decoded.name == "Rex" && decoded.isLoud)
    }

    @Test("JSON within a value travels as it is, digits, nulls and order included")
    func values() throws {
        let value: JSONValue = try JSONValue(parsing: #"{"b":1.50,"a":[null,{"":1e400}]}"#)
        try check(value, value)
        try check(["it": value], ["it": value])
    }

    @Test(
        "A whole number is an integer however it is written",
        arguments: [("2.0", 2), ("1e3", 1000), ("-0.0", 0), ("9007199254740992.0", 9_007_199_254_740_992)])
    func wholeNumbers(text: String, value: Int) throws {
        #expect(try JSONCoding.decode(Int.self, from: JSONValue(parsing: text)) == value)
    }

    struct Box<Value: Codable>: Codable { var items: [Value] }

    private func complaint<Value: Codable>(
        of type: Value.Type, _ json: String
    ) throws -> String? {
        let value = try JSONValue(parsing: json)
        do {
            _ = try JSONCoding.decode(Box<Value>.self, from: value)
            return nil
        } catch let error as DecodingError {
            return JSONCoding.explanation(of: error)
        }
    }

    @Test("What does not fit is told with its place")
    func complaints() throws {
        let cases: [(String?, String)] = [
            (
                try complaint(of: Int.self, #"{"items":[1,"2"]}"#),
                "items[1]: Here stands a string, where an integer is expected."
            ),
            (
                try complaint(of: Int.self, #"{"items":[2.5]}"#),
                "items[0]: Here stands a number, where an integer is expected."
            ),
            (try complaint(of: Int8.self, #"{"items":[300]}"#), "items[0]: The number 300 does not fit in Int8."),
            (
                try complaint(of: Int64.self, #"{"items":[9007199254740993.0]}"#),
                "items[0]: The number 9007199254740993.0 does not fit in Int64."
            ),
            (
                try complaint(of: Double.self, #"{"items":[1e400]}"#),
                "items[0]: The number 1e400 does not fit in Double."
            ),
            (
                try complaint(of: String.self, #"{"items":[null]}"#),
                "items[0]: Here stands null, where a string is expected."
            ),
            (
                try complaint(of: Bool.self, #"{"items":{}}"#),
                "items: Here stands an object, where an array is expected."
            ),
            (
                try complaint(of: Address.self, #"{"items":[{"number":1}]}"#),
                "items[0]: The member \"street\" is missing."
            ),
            (try complaint(of: [Int].self, "3"), "Here stands an integer, where an object is expected."),
        ]
        for (complaint, expected) in cases { #expect(complaint == expected) }
    }

    @Test("An array that ends too early says so")
    func shortArray() throws {
        struct Pair: Decodable {
            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                _ = try container.decode(Int.self)
                _ = try container.decode(Int.self)
            }
        }
        let error = #expect(throws: DecodingError.self) { try JSONCoding.decode(Pair.self, from: [1]) }
        #expect(error.map(JSONCoding.explanation) == "[1]: The array ends before this element.")
    }

    @Test("No number of JSON is an infinity", arguments: [Double.infinity, -.infinity, .nan])
    func nonFinite(value: Double) throws {
        let error = #expect(throws: EncodingError.self) { try JSONCoding.encode(["speed": [1, value]]) }
        #expect(error.map(JSONCoding.explanation) == "speed[1]: JSON has no number for \(value).")
    }

    @Test("A value that encodes itself in two forms is refused")
    func contradiction() {
        struct Both: Encodable {
            func encode(to encoder: any Encoder) throws {
                _ = encoder.unkeyedContainer()
                _ = encoder.container(keyedBy: PlainName.self)
            }
        }
        #expect(throws: EncodingError.self) { try JSONCoding.encode([Both()]) }
    }

    @Test("An element that was not what was asked for can be asked for again")
    func secondTry() throws {
        struct Either: Decodable {
            var text = ""
            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                while !container.isAtEnd {
                    if let number = try? container.decode(Int.self) {
                        text += "\(number),"
                    } else {
                        text += try container.decode(String.self)
                    }
                }
            }
        }
        #expect(try JSONCoding.decode(Either.self, from: [1, "a", 2]).text == "1,a2,")
    }
}
