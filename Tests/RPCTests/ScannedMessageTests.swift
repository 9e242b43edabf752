import JSON
import Testing

@testable import RPC

@Suite("Scanned messages")
struct ScannedMessageTests {
    @Test(
        "What is a message is told by its members",
        arguments: [
            (#"{"jsonrpc":"2.0","id":1,"method":"a"}"#, "request 1 a"),
            (#" { "method" : "a" , "id" : "x" , "jsonrpc" : "2.0" } "#, "request \"x\" a"),
            (#"{"jsonrpc":"2.0","id":null,"method":"a","params":[1]}"#, "request null a [1]"),
            (#"{"jsonrpc":"2.0","id":1,"method":"a","params":{"b":[{}]}}"#, #"request 1 a {"b":[{}]}"#),
            (#"{"jsonrpc":"2.0","id":1,"method":"a","params":null}"#, "request 1 a"),
            (#"{"jsonrpc":"2.0","method":"a"}"#, "notification a"),
            (#"{"jsonrpc":"2.0","method":"a","params":{}}"#, "notification a {}"),
            (#"{"jsonrpc":"2.0","id":1,"method":"","x":1}"#, "request 1 "),
            (#"{"\u006asonrpc":"2.\u0030","\u0069d":1,"m\u0065thod":"\u0061\n"}"#, "request 1 a\n"),
            (#"{"jsonrpc":"2.0","id":1,"id":2,"method":"a","method":"b"}"#, "request 2 b"),
            (#"{"jsonrpc":"2.0","id":1,"method":"a","params":[],"params":null}"#, "request 1 a"),
            (#"{"jsonrpc":"2.0","id":1,"method":"a","result":1}"#, "request 1 a"),
            (#"{"jsonrpc":"2.0","id":1,"result":null}"#, "response 1 result null"),
            (#"{"id":1,"result":{"a":1}}"#, #"response 1 result {"a":1}"#),
            (#"{"jsonrpc":"2.0","id":1,"error":{"code":1}}"#, #"response 1 error {"code":1}"#),
            (#"{"jsonrpc":"2.0","id":1,"result":3,"error":null}"#, "response 1 result 3"),
            (#"{"jsonrpc":"2.0","id":1,"result":null,"error":{}}"#, "response 1 error {}"),
            (#"{"jsonrpc":"2.0","id":1,"error":null}"#, "response 1 error null"),
            ("[1]", "batch 1"),
            (#" [ {} , [ ] ,"a" ] "#, "batch {} | [ ] | \"a\""),
        ])
    func classification(text: String, expected: String) throws {
        #expect(try describe(text) == expected)
    }

    @Test(
        "What is JSON and no message is refused, under its id where it has one",
        arguments: [
            ("1", "null"), ("\"a\"", "null"), ("null", "null"), ("[]", "null"), ("{}", "null"), (" [ ] ", "null"),
            (#"{"foo":"boo"}"#, "null"), (#"{"jsonrpc":"2.0","method":1,"params":"bar"}"#, "null"),
            (#"{"id":5,"method":"a"}"#, "5"), (#"{"jsonrpc":"1.0","id":5,"method":"a"}"#, "5"),
            (#"{"jsonrpc":2.0,"id":5,"method":"a"}"#, "5"), (#"{"jsonrpc":null,"id":5,"method":"a"}"#, "5"),
            (#"{"jsonrpc":"2.0","id":"x"}"#, "\"x\""), (#"{"jsonrpc":"2.0","id":5,"method":null}"#, "5"),
            (#"{"jsonrpc":"2.0","id":5,"method":["a"]}"#, "5"),
            (#"{"jsonrpc":"2.0","id":5,"method":"a","params":1}"#, "5"),
            (#"{"jsonrpc":"2.0","id":5,"method":"a","params":"b"}"#, "5"),
            (#"{"jsonrpc":"2.0","id":5,"method":"a","params":false}"#, "5"),
            (#"{"jsonrpc":"2.0","method":"a","params":0}"#, "null"),
            (#"{"jsonrpc":"2.0","id":1.5,"method":"a"}"#, "null"),
            (#"{"jsonrpc":"2.0","id":1e2,"method":"a"}"#, "null"),
            (#"{"jsonrpc":"2.0","id":true,"method":"a"}"#, "null"),
            (#"{"jsonrpc":"2.0","id":{},"method":"a"}"#, "null"), (#"{"jsonrpc":"2.0","id":[],"method":"a"}"#, "null"),
            (#"{"jsonrpc":"2.0","result":1}"#, "null"), (#"{"jsonrpc":"2.0","id":1.5,"result":1}"#, "null"),
        ])
    func refusals(text: String, id: String) throws {
        #expect(try describe(text) == "invalid \(id) -32600")
    }

    @Test(
        "An id keeps its value and its text",
        arguments: [
            ("1", "integer"), ("0", "integer"), ("-1", "integer"), ("-0", "number"), ("9223372036854775807", "integer"),
            ("-9223372036854775808", "integer"), ("9223372036854775808", "number"),
            ("123456789012345678901234567890", "number"), ("999999999999999999", "integer"),
            ("1000000000000000000", "integer"), ("\"\"", "string"), (#""\ud83d\ude00\"""#, "string"), ("null", "null"),
        ])
    func ids(text: String, kind: String) throws {
        let message = try scan(#"{"jsonrpc":"2.0","id":\#(text),"method":"a"}"#)
        guard case .request(let id, _, _) = message else {
            Issue.record("no request")
            return
        }
        #expect(String("\(id)".prefix { $0 != "(" }) == kind)
        #expect(try JSONValue(parsing: id.text) == JSONValue(parsing: text))
        if kind != "string" { #expect(id.text == text) }
    }

    @Test("Ids are equal when they are written alike, and only then")
    func equality() {
        let ids: [RequestID] = [
            1, 0, "1", "", "é", "e\u{301}", "\u{212B}", "A\u{30A}", #"\u{E9}"#, .null,
            .number(JSONNumber(parsing: "-0")!),
            .number(JSONNumber(parsing: "9223372036854775808")!),
        ]
        for (left, one) in ids.enumerated() {
            for (right, other) in ids.enumerated() { #expect((one == other) == (left == right)) }
        }
        #expect(Set(ids + ids).count == ids.count)
        #expect(Set((ids + ids).map(\.spelling)).count == ids.count)
    }

    @Test(
        "What is not JSON is an error wherever it stands",
        arguments: [
            "", " ", "{", "}", "[", "]", "[1,", "nul", "{\"a\"}", "{\"a\":}", "{'a':1}", "{\"a\":1,}", "[1 2]", "{} {}",
            "{}x", "01", "+1", "\"\\x\"", "\"\u{1}\"", #"{"jsonrpc":"2.0","method":"foobar,"params":"bar","baz]"#,
            #"[{"jsonrpc":"2.0","method":"a","id":1},{"jsonrpc":"2.0","method"]"#, #"{"id":"\ud800"}"#, "{\"id\":1",
            "\u{0}", "{}\u{0}", "NaN", "// a\n{}",
        ])
    func parseErrors(text: String) {
        #expect(throws: JSONError.self) { try scan(text) }
    }

    @Test("Nesting is allowed to 512 and no deeper, and the error says so")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            #"{"jsonrpc":"2.0","id":1,"method":"a","params":"#
                + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
        }
        #expect(try describe(nested(511)).hasPrefix("request 1 a"))
        let error = #expect(throws: JSONError.self) { try scan(nested(512)) }
        #expect(error?.kind == .depth)
        #expect(error?.message.contains("512") == true)
        #expect(throws: JSONError.self) { try scan(String(repeating: "[", count: 1_000_000)) }
    }

    @Test("A batch over the limit is one error, and is still checked to its end")
    func batchLimit() throws {
        #expect(try describe("[1,2,3]", maxBatch: 3) == "batch 1 | 2 | 3")
        #expect(try describe("[1,2,3,4]", maxBatch: 3) == "invalid null -32000")
        #expect(throws: JSONError.self) { try scan("[1,2,3,4,]", maxBatch: 3) }
    }

    @Test("Every beginning of a message is either an error or read without harm")
    func beginnings() {
        let text = Array(#"[{"jsonrpc":"2.0","id":"\u00e9é","method":"a","params":{"b":[1.5e3,true,null]}},2]"#.utf8)
        for length in 0..<text.count {
            text[..<length].withUnsafeBytes { bytes in
                #expect(throws: JSONError.self) { try ScannedMessage(scanning: bytes, maxBatch: 10) }
                _ = ScannedPrefix(scanning: bytes)
            }
        }
    }

    @Test("Bytes put in place of others never do harm")
    func mutations() {
        let text = Array(#"{"jsonrpc":"2.0","id":12,"method":"a","params":{"b":["\n",-1.5e3,true]},"result":[]}"#.utf8)
        for position in text.indices {
            for byte in UInt8.min...UInt8.max {
                var mutated = text
                mutated[position] = byte
                mutated.withUnsafeBytes { bytes in
                    _ = try? ScannedMessage(scanning: bytes, maxBatch: 10)
                    _ = ScannedPrefix(scanning: bytes)
                }
            }
        }
    }

    @Test(
        "The beginning of what is too large tells its id when that came first",
        arguments: [
            (#"{"jsonrpc":"2.0","id":7,"method":"a","params":{"b":"ccc"#, ScannedPrefix.request(id: 7)),
            (#"{"jsonrpc":"2.0","id":"x","params":[1,2"#, .request(id: "x")),
            (#"{"jsonrpc":"2.0","method":"a","params":[1,2"#, .request(id: .null)),
            (#"{"jsonrpc":"2.0","id":7"#, .request(id: .null)), (#"{"jsonrpc":"2.0","id":7,"#, .request(id: 7)),
            (#"{"jsonrpc":"2.0","id":7,"result":{"b":"ccc"#, .response(id: 7)),
            (#"{"jsonrpc":"2.0","id":7,"error":{"code":1,"message":"ccc"#, .response(id: 7)),
            (#"{"jsonrpc":"2.0","result":{"b":"ccc"#, .request(id: .null)),
            (#"{"id":7,"method":"ccc"#, .request(id: 7)), (#"{"id":1.5,"method":"ccc"#, .request(id: .null)),
            (#"[{"id":7,"method":"a"}"#, .request(id: .null)), ("\"aaa", .request(id: .null)),
            ("", .request(id: .null)),
        ])
    func prefixes(text: String, expected: ScannedPrefix) {
        #expect(Array(text.utf8).withUnsafeBytes { ScannedPrefix(scanning: $0) } == expected)
    }
}

private func scan(_ text: String, maxBatch: Int = 100) throws -> ScannedMessage {
    try Array(text.utf8).withUnsafeBytes { try ScannedMessage(scanning: $0, maxBatch: maxBatch) }
}

private func describe(_ text: String, maxBatch: Int = 100) throws -> String {
    let bytes = Array(text.utf8)
    func part(_ range: Range<Int>?) -> String? { range.map { String(decoding: bytes[$0], as: UTF8.self) } }
    let words: [String?]
    switch try scan(text, maxBatch: maxBatch) {
    case .request(let id, let method, let params): words = ["request", id.text, method.name, part(params)]
    case .notification(let method, let params): words = ["notification", method.name, part(params)]
    case .response(let id, let result, let error):
        words = [
            "response", id.text, result.map { _ in "result" }, part(result), error.map { _ in "error" }, part(error),
        ]
    case .batch(let entries): words = ["batch", entries.compactMap(part).joined(separator: " | ")]
    case .invalid(let id, let error): words = ["invalid", id.text, String(error.code)]
    }
    return words.compactMap(\.self).joined(separator: " ")
}

extension RequestID {
    var text: String {
        var writer = JSONWriter()
        write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
