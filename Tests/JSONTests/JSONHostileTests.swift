import JSON
import Testing

@Suite("Hostile input")
struct JSONHostileTests {
    private static let pairs = [("[", "]"), (#"{"a":"#, "}"), (#"[{"a":"#, "}]")]

    @Test("may nest 512 deep and no deeper", arguments: pairs)
    func depth(open: String, close: String) throws {
        let levels = open.count == 6 ? 2 : 1
        func nested(_ count: Int) -> String {
            String(repeating: open, count: count) + "0" + String(repeating: close, count: count)
        }
        let deepest = try JSONValue(parsing: nested(512 / levels))
        #expect(deepest.serialized() == nested(512 / levels))
        #expect(deepest.hashValue == deepest.hashValue)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: nested(512 / levels + 1)) }
        #expect(error?.kind == .depth)
        #expect(error?.message.contains("512") == true)
    }

    @Test("of a million open brackets is refused by reader and scanner", arguments: ["[", #"{"":"#])
    func bottomless(open: String) {
        let bytes = Array(String(repeating: open, count: 1_000_000).utf8)
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        let kind = bytes.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            return #expect(throws: JSONError.self) { try scanner.skipValue() }?.kind
        }
        #expect(kind == .depth)
    }

    @Test("counts the levels that the caller has opened")
    func callersDepth() throws {
        try withScanner("[[[0]]]", maximumDepth: 3) { scanner in
            try scanner.beginArray()
            #expect(try scanner.skipValue() == 1..<6)
        }
        try withScanner("[[[0]]]", maximumDepth: 2) { scanner in
            try scanner.beginArray()
            let error = #expect(throws: JSONError.self) { try scanner.skipValue() }
            #expect(error?.kind == .depth)
        }
    }

    @Test("of wide siblings is not deep")
    func wide() throws {
        let text = "[" + String(repeating: "[[]],", count: 2_000) + "{}]"
        #expect(try JSONValue(parsing: text).array?.count == 2_001)
    }

    @Test("may hold a string of ten million bytes", arguments: ["a", "é", #"\n"#, #"\u0041"#])
    func longString(piece: String) throws {
        let text = "\"" + String(repeating: piece, count: 10_000_000 / piece.utf8.count) + "\""
        let value = try JSONValue(parsing: text)
        #expect(value.string?.unicodeScalars.count == 10_000_000 / piece.utf8.count)
    }

    @Test("may hold a number of a million digits")
    func longNumber() throws {
        let digits = String(repeating: "7", count: 1_000_000)
        let value = try JSONValue(parsing: digits)
        #expect(value.serialized() == digits)
        #expect(value.int == nil)
        #expect(value.double == .infinity)
        let shifted = try #require(JSONNumber(parsing: "0." + digits + "e1000000"))
        #expect(value.number == shifted)
    }

    @Test("may repeat and multiply names without taking quadratic time")
    func manyMembers() throws {
        let names = (0..<100_000).map { "\"name\($0 % 50_000)\":\($0)" }
        let value = try JSONValue(parsing: "{" + names.joined(separator: ",") + "}")
        #expect(value.object?.count == 50_000)
        #expect(value["name7"] == 50_007)
    }
}

func withScanner<R>(
    _ text: String, maximumDepth: Int = 512, _ body: (inout JSONScanner) throws -> R
) rethrows -> R {
    try Array(text.utf8).withUnsafeBytes { bytes in
        var scanner = JSONScanner(bytes, maximumDepth: maximumDepth)
        return try body(&scanner)
    }
}
