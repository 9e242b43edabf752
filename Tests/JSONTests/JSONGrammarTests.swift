import JSON
import Testing

@Suite("The grammar of RFC 8259")
struct JSONGrammarTests {
    @Test(
        "accepts what is JSON",
        arguments: [
            "0", "-0", "1", "-1", "10", "0.0", "-0.0", "1.5", "1e1", "1E1", "1e+1", "1e-1", "0e1", "0e+1", "1.0e-10",
            "1e999999999", "-1e-999999999", "123456789012345678901234567890", "0.000000000000000000000000000000000001",
            "null", "true", "false", "\"\"", "\"a\"", " [ ] ", "[]", "{}", " { } ", "\t\r\n [ 1 , 2 ]\r\n", "[[]]",
            "[[],[]]", "[{}]", #"{"":0}"#, #"{"a":{"b":[]}}"#, #"{"a":1,"b":2}"#, #"{"a":1,"a":2}"#,
            "[null,true,false]",
            #""\"\\\/\b\f\n\r\t""#, #""\u0000\u001F\u00e9\u20AC\uD834\uDD1E\udbff\udfff\uFFFF""#, #""\\u0061""#,
            #""/""#,
            "\"\u{7F}\"", "\"\u{80}\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}\"", "\"\u{2028}\u{2029}\"",
            "\"\u{FEFF}\"", "\"日本語のとても長い文字列 🎼 fermata\"", #"{"\u0061\"":[{"x":[[]]}]}"#,
        ])
    func accepted(text: String) throws {
        try expectAccepted(Array(text.utf8))
        _ = try JSONValue(parsing: text)
    }

    @Test(
        "refuses what is not JSON, and says why and where",
        arguments: [
            ("", .unexpectedEnd, 0), (" ", .unexpectedEnd, 1), ("[", .unexpectedEnd, 1), ("{", .unexpectedEnd, 1),
            ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3), ("{\"a\"", .unexpectedEnd, 4),
            ("{\"a\":", .unexpectedEnd, 5), ("{\"a\":1", .unexpectedEnd, 6), ("{\"a\":1,", .unexpectedEnd, 7),
            ("\"", .unexpectedEnd, 1), ("\"abcdefghijk", .unexpectedEnd, 12), ("\"\\", .unexpectedEnd, 2),
            ("\"\\u12", .unexpectedEnd, 5), ("t", .unexpectedEnd, 1), ("nul", .unexpectedEnd, 3),
            ("[1,]", .unexpectedByte, 3), ("[,1]", .unexpectedByte, 1), ("[,]", .unexpectedByte, 1),
            ("[1,,2]", .unexpectedByte, 3), ("[1 2]", .unexpectedByte, 3), ("[1:2]", .unexpectedByte, 2),
            ("[1}", .unexpectedByte, 2), ("{\"a\":1]", .unexpectedByte, 6), ("{a:1}", .unexpectedByte, 1),
            ("{'a':1}", .unexpectedByte, 1), ("{1:1}", .unexpectedByte, 1), ("{\"a\" 1}", .unexpectedByte, 5),
            ("{\"a\":}", .unexpectedByte, 5), ("{\"a\":1,}", .unexpectedByte, 7), ("{,}", .unexpectedByte, 1),
            ("{\"a\",\"b\"}", .unexpectedByte, 4), ("{\"a\"::1}", .unexpectedByte, 5), ("{null:1}", .unexpectedByte, 1),
            ("]", .unexpectedByte, 0), ("}", .unexpectedByte, 0), (",", .unexpectedByte, 0), (":", .unexpectedByte, 0),
            ("True", .unexpectedByte, 0), ("nulL", .unexpectedByte, 3), ("tru]", .unexpectedByte, 3),
            ("[truefalse]", .unexpectedByte, 5), ("NaN", .unexpectedByte, 0), ("Infinity", .unexpectedByte, 0),
            ("undefined", .unexpectedByte, 0), ("'a'", .unexpectedByte, 0), ("/**/1", .unexpectedByte, 0),
            ("[1/*x*/]", .unexpectedByte, 2), ("[1\u{0C}]", .unexpectedByte, 2), ("\u{A0}1", .unexpectedByte, 0),
            ("\u{FEFF}1", .unexpectedByte, 0), ("\0", .unexpectedByte, 0), ("[1\0]", .unexpectedByte, 2),
            ("[\u{E9}]", .unexpectedByte, 1), ("[0x1]", .unexpectedByte, 2), ("[1a]", .unexpectedByte, 2),
            ("[1 000]", .unexpectedByte, 3), ("[１]", .unexpectedByte, 1),
            ("1 2", .trailing, 2), ("{}}", .trailing, 2), ("[]]", .trailing, 2), ("null,", .trailing, 4),
            ("\"a\"\"b\"", .trailing, 3), ("1\0", .trailing, 1), ("[] // x", .trailing, 3),
            ("01", .badNumber, 1), ("-01", .badNumber, 2), ("00", .badNumber, 1), ("1.", .badNumber, 2),
            ("1.e1", .badNumber, 2), (".5", .badNumber, 0), ("-.5", .badNumber, 1), ("-", .badNumber, 1),
            ("--1", .badNumber, 1), ("+1", .badNumber, 0), ("1e", .badNumber, 2), ("1e+", .badNumber, 3),
            ("1.5e-", .badNumber, 5), ("[-a]", .badNumber, 2), ("-Infinity", .badNumber, 1), ("[1.]", .badNumber, 3),
            (#""\x""#, .badEscape, 1), (#""\'""#, .badEscape, 1), (#""\U0041""#, .badEscape, 1),
            (#""\u00G0""#, .badEscape, 5), (#""\u 041""#, .badEscape, 3), ("\"\\\n\"", .badEscape, 1),
            ("\"\\\u{E9}\"", .badEscape, 1), ("\"\\\0\"", .badEscape, 1),
            (#""\uD800""#, .loneSurrogate, 1), (#""\uDC00""#, .loneSurrogate, 1), (#""a\uDFFFb""#, .loneSurrogate, 2),
            (#""\uD800\u0041""#, .loneSurrogate, 1), (#""\uD800\uD800""#, .loneSurrogate, 1),
            (#""\uD800\n""#, .loneSurrogate, 1), (#""\uDBFFx""#, .loneSurrogate, 1),
            (#"{"\uD800":1}"#, .loneSurrogate, 2), (#""\uDC00\uD800""#, .loneSurrogate, 1),
        ] as [(String, JSONError.Kind, Int)])
    func refused(text: String, kind: JSONError.Kind, offset: Int) {
        expectRefused(Array(text.utf8), kind, at: offset)
    }

    @Test("refuses every control character inside a string", arguments: UInt8(0)..<0x20)
    func controlCharacter(byte: UInt8) {
        for padding in [0, 1, 7, 8, 20] {
            let bytes = [0x22] + Array(repeating: 0x61, count: padding) + [byte, 0x22]
            expectRefused(bytes, .controlCharacter, at: padding + 1)
        }
    }

    @Test(
        "refuses what is not UTF-8, wherever it stands",
        arguments: [
            [0x80], [0xBF], [0xFF], [0xFE], [0xC0, 0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xC2], [0xC2, 0x41],
            [0xC3, 0xC3], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x41, 0x80], [0xE2, 0x82, 0x41],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xED, 0xA0, 0xB4, 0xED, 0xB4, 0x9E], [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x8E], [0xF0, 0x9F, 0x8E, 0x41], [0xF0, 0x41, 0x8E, 0x8E],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
            [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) {
        for padding in [0, 1, 7, 8, 15] {
            let plain = [UInt8](repeating: 0x61, count: padding)
            expectRefused([0x22] + plain + bytes + [0x22], .invalidUTF8, at: padding + 1)
            expectRefused([0x22] + plain + bytes, .invalidUTF8, at: padding + 1)
            expectRefused([0x7B, 0x22] + plain + bytes + [0x22, 0x3A, 0x30, 0x7D], .invalidUTF8, at: padding + 2)
        }
        expectRefused(bytes, .unexpectedByte, at: 0)
    }

    @Test("accepts each scalar at the edges of UTF-8, and nothing beside its four bytes")
    func everyLeadByte() {
        for lead in UInt8(0x80)...0xFF {
            for second in UInt8(0x70)...0xC5 {
                for tail in [[], [0x80], [0xBF, 0x80], [0x80, 0x80, 0x80]] as [[UInt8]] {
                    let bytes = [lead, second] + tail
                    let isValid = String(validating: bytes, as: UTF8.self) != nil
                    #expect(scan([0x22] + bytes + [0x22]) == isValid, "\(bytes)")
                }
            }
        }
    }

    @Test("refuses every beginning of a text")
    func prefixes() {
        let text = Array(#" {"a":[1.5e-3,true,{"\u00e9\ud834\udd1e":null}],"é€🎼":"x"}"#.utf8)
        #expect(scan(text))
        for length in 0..<text.count {
            #expect(!scan(Array(text[..<length])), "\(length) bytes")
        }
    }

    @Test("is the same for the scanner and the reader, whatever the bytes")
    func mutations() {
        var random = Lehmer(state: 20_260_101)
        let seed = Array(#"{"a":[1.5e-3,-0,true,{"\u00e9\ud834\udd1e":null}],"é€🎼":"xyz", "n": [[],{}] }"#.utf8)
        let alphabet = Array(#"{}[]:,"\u0eE+-.19atrnulfs \#u{0}\#u{1F}"#.utf8) + [0xC3, 0xA9, 0xED, 0xF0, 0x80]
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0...(random.next() % 3) {
                let place = Int(random.next() % UInt64(bytes.count))
                let byte = alphabet[Int(random.next() % UInt64(alphabet.count))]
                switch random.next() % 3 {
                case 0: bytes[place] = byte
                case 1: bytes.insert(byte, at: place)
                default: bytes.remove(at: place)
                }
            }
            let value = try? JSONValue(parsing: bytes)
            #expect(scan(bytes) == (value != nil), "\(bytes)")
            guard let value else { continue }
            accepted += 1
            #expect((try? JSONValue(parsing: value.serialized())) == value, "\(bytes)")
        }
        #expect(accepted > 500)
    }
}

/// A small generator, for the same bytes on every machine.
private struct Lehmer {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}

private func scan(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
        var scanner = JSONScanner(bytes)
        do {
            try scanner.skipValue()
            try scanner.expectEnd()
            return true
        } catch {
            return false
        }
    }
}

private func expectAccepted(_ bytes: [UInt8]) throws {
    #expect(scan(bytes))
    let value = try JSONValue(parsing: bytes)
    #expect(try JSONValue(parsing: value.serialized()) == value)
    #expect(try JSONValue(parsing: value.serialized(pretty: true)) == value)
}

private func expectRefused(
    _ bytes: [UInt8], _ kind: JSONError.Kind, at offset: Int, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(!scan(bytes), sourceLocation: sourceLocation)
    let error = #expect(throws: JSONError.self, sourceLocation: sourceLocation) { try JSONValue(parsing: bytes) }
    #expect(error?.kind == kind, "\(String(describing: error))", sourceLocation: sourceLocation)
    #expect(error?.offset == offset, "\(String(describing: error))", sourceLocation: sourceLocation)
    #expect(error?.message.hasSuffix(" at byte \(offset).") == true, sourceLocation: sourceLocation)
}
