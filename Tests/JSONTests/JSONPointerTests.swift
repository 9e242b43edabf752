import JSON
import Testing

@Suite("A pointer")
struct JSONPointerTests {
    @Test("resolves the examples of RFC 6901")
    func examples() throws {
        let document = try JSONValue(
            parsing: #"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#)
        let expected: [(String, JSONValue)] = [
            ("", document), ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2),
            ("/e^f", 3), ("/g|h", 4), (#"/i\j"#, 5), (#"/k"l"#, 6), ("/ ", 7), ("/m~0n", 8),
        ]
        for (text, value) in expected {
            let pointer = try #require(JSONPointer(parsing: text))
            #expect(pointer.resolve(in: document) == value, "\(text)")
            #expect(pointer.description == text)
        }
    }

    @Test(
        "leads nowhere where nothing stands",
        arguments: ["/foo/2", "/foo/-", "/foo/00", "/foo/+1", "/foo/0/x", "/bar", "/foo/99999999999999999999", "/foo/"])
    func missing(text: String) throws {
        let pointer = try #require(JSONPointer(parsing: text))
        #expect(pointer.resolve(in: ["foo": ["bar", "baz"]]) == nil)
    }

    @Test("is refused when malformed", arguments: ["foo", "#/foo", "/~", "/~2", "/a~"])
    func malformed(text: String) {
        #expect(JSONPointer(parsing: text) == nil)
    }

    @Test("escapes what it is built from")
    func building() {
        let pointer = JSONPointer().appending("a/b").appending("m~n").appending(3).appending("")
        #expect(pointer.description == "/a~1b/m~0n/3/")
        #expect(JSONPointer(parsing: pointer.description) == pointer)
    }
}
