import JSON
import Testing
import WorkflowModel

@Suite("Hashes of content")
struct ContentHashTests {
    @Test(
        "Known answers of SHA-256",
        arguments: [
            ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ])
    func vectors(text: String, count: Int, hash: String) {
        let bytes = Array(repeating: Array(text.utf8), count: count).flatMap { $0 }
        #expect(ContentHash.of(bytes) == hash)
    }

    @Test(
        "The padding is right on both sides of a block's end",
        arguments: [
            (55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
            (56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
            (63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
            (64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
            (65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"),
        ])
    func padding(count: Int, hash: String) {
        #expect(ContentHash.of(Array(repeating: UInt8(ascii: "a"), count: count)) == hash)
    }

    @Test("The order of members does not matter, at any depth; that of elements does")
    func order() throws {
        let first = try JSONValue(parsing: #"{"b":[{"x":1,"y":2}],"a":null}"#)
        let second = try JSONValue(parsing: #"{ "a": null, "b": [ { "y": 2, "x": 1 } ] }"#)
        #expect(ContentHash.of(first) == ContentHash.of(second))
        #expect(ContentHash.of(first) == ContentHash.of(Array(#"{"a":null,"b":[{"x":1,"y":2}]}"#.utf8)))
        #expect(ContentHash.of([1, 2] as JSONValue) != ContentHash.of([2, 1] as JSONValue))
    }

    @Test("Names that only Swift takes for equal keep their order too: they are sorted by their bytes")
    func canonicalEquivalents() throws {
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        let first = try JSONValue(parsing: "{\"\(composed)\":1,\"\(decomposed)\":2}")
        let second = try JSONValue(parsing: "{\"\(decomposed)\":2,\"\(composed)\":1}")
        #expect(ContentHash.of(first) == ContentHash.of(second))
        #expect(ContentHash.of(first) == ContentHash.of(Array("{\"\(decomposed)\":2,\"\(composed)\":1}".utf8)))
    }

    @Test("What is not the same content has another hash")
    func different() throws {
        let texts = ["1", "1.0", "\"1\"", "[1]", "{\"1\":1}", "null", "true", "\"\"", "{}", "[]", "[null]", "[[]]"]
        #expect(Set(try texts.map { ContentHash.of(try JSONValue(parsing: $0)) }).count == texts.count)
    }

    @Test("A workflow's version is the first 16 digits of its document's hash")
    func version() throws {
        let document: JSONValue = ["name": "w", "flow": ["START": "END"]]
        #expect(try Workflow.parse(document).0.version == ContentHash.of(document).prefix(16))
    }
}
