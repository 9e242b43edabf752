import JSON
import Testing

@Suite("A scanned object")
struct ScannedObjectTests {
    private let text =
        #"{"name":"Zoë \"Z\"","n\u0061me2":"x","count":-12,"half":0.5,"yes":true,"no":false,"nothing":null,"#
        + #""list":[1,{"a":[]}],"inner":{"deep":{"er":1}},"count":7,"empty":""} "#

    @Test("reads its members as what they are, and of one that is repeated the last")
    func members() throws {
        try scan(text) { object in
            #expect(object["name"]?.string == "Zoë \"Z\"")
            #expect(object["name2"]?.string == "x")
            #expect(object["empty"]?.string == "")
            #expect(object["count"]?.int == 7)
            #expect(object["half"]?.int == nil)
            #expect((object["yes"]?.bool, object["no"]?.bool) == (true, false))
            #expect(object["nothing"]?.value == .null)
            #expect(object["list"]?.value == [1, ["a": []]])
            #expect(object["inner"]?.object?["deep"]?.object?["er"]?.int == 1)
            #expect(object["nam"] == nil && object["nameless"] == nil)
        }
    }

    @Test("reads nothing as what it is not", arguments: ["name", "count", "yes", "nothing", "list", "inner"])
    func kinds(name: String) throws {
        let value = try #require(try JSONValue(parsing: text)[name])
        try scan(#"{"it":\#(value)}"#) { object in
            let it = try #require(object["it"])
            #expect((it.string, it.int, it.bool) == (value.string, value.int, value.bool))
            #expect((it.object == nil) == (value.object == nil))
        }
    }

    @Test("is the value that a reader makes of it")
    func value() throws {
        let expected = try JSONValue(parsing: text).serialized()
        try scan(text) { #expect($0.value.serialized() == expected) }
        #expect(ScannedObject().value == [:] && ScannedObject()["name"] == nil)
    }

    @Test(
        "is none where the text is damaged",
        arguments: ["", "[]", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":01}"#, #"{"a":"\x"}"#, #"{"a":1,}"#, #"{"a":tru}"#])
    func damage(text: String) {
        #expect(throws: JSONError.self) { try scan(text) { _ in } }
    }

    private func scan(_ text: String, _ body: (ScannedObject) throws -> Void) throws {
        try Array(text.utf8).withUnsafeBytes { bytes in
            var cursor = JSONScanner(bytes)
            let object = try ScannedObject(&cursor)
            try cursor.expectEnd()
            try body(object)
        }
    }
}
