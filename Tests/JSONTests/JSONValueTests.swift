import JSON
import Testing

@Suite("A value")
struct JSONValueTests {
    private let value: JSONValue = [
        "null": nil, "yes": true, "int": 7, "real": 1.5, "text": "a", "list": [1, [2]], "object": ["x": 0],
    ]

    @Test("is written as a literal and read by accessors")
    func accessors() {
        #expect(value["null"]?.isNull == true)
        #expect(value["yes"]?.bool == true)
        #expect(value["int"]?.int == 7)
        #expect(value["int"]?.double == 7)
        #expect(value["real"]?.double == 1.5)
        #expect(value["real"]?.int == nil)
        #expect(value["text"]?.string == "a")
        #expect(value["list"]?[1]?[0] == 2)
        #expect(value["list"]?[2] == nil)
        #expect(value["list"]?[-1] == nil)
        #expect(value["list"]?.array?.count == 2)
        #expect(value["object"]?.object?["x"] == 0)
        #expect(value["absent"] == nil)
        #expect(value[0] == nil)
        #expect(value["text"]?["x"] == nil)
    }

    @Test("knows what people call it")
    func typeNames() throws {
        let names = value.object?.map(\.value.typeName)
        #expect(names == ["null", "boolean", "integer", "number", "string", "array", "object"])
    }

    @Test("of one kind never equals one of another")
    func kinds() throws {
        let values: [JSONValue] = [nil, false, 0, "", [], [:], "0", "false", "null", [nil], true, 1]
        for (position, left) in values.enumerated() {
            for (otherPosition, right) in values.enumerated() {
                #expect((left == right) == (position == otherPosition), "\(left) \(right)")
            }
        }
        #expect(try JSONValue(parsing: "[1, 2.0]") == [1.0, 2])
        #expect(Set(values).count == values.count)
    }

    @Test("is read from strings of every storage")
    func stringStorage() throws {
        let small = "[1]"
        let large = "[" + String(repeating: "1,", count: 100) + "1]"
        let slice = String(large.dropLast(2)) + "]"
        #expect(try JSONValue(parsing: small) == [1])
        #expect(try JSONValue(parsing: large).array?.count == 101)
        #expect(try JSONValue(parsing: String(large.prefix(2)) + "]") == [1])
        #expect(throws: JSONError.self) { try JSONValue(parsing: slice) }
    }

    @Test(
        "resolves escapes",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0000\u0041\u00e9\u20ac\ud834\udd1e""#, "\0Aé€𝄞"),
            (#""\\u0041""#, "\\u0041"), (#""é\né""#, "é\né"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
            (#""\uFFFF""#, "\u{FFFF}"),
            (#""plain text that is long, then \" one escape""#, #"plain text that is long, then " one escape"#),
        ])
    func escapes(text: String, expected: String) throws {
        let string = try #require(try JSONValue(parsing: text).string)
        #expect(Array(string.unicodeScalars) == Array(expected.unicodeScalars))
    }
}
