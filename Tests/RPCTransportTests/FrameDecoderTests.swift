import Testing

@testable import RPCTransport

@Suite("Frame decoder")
struct FrameDecoderTests {
    @Test(
        "Input is cut into messages, the same wherever it breaks",
        arguments: [
            ("", []), ("\n", []), (" \t\r\n\n", []), ("{}\n", ["{}"]), ("{}", ["{}"]),
            ("{}\r\n[]\r\n", ["{}\r", "[]\r"]),
            ("\u{FEFF}{}\n", ["{}"]), ("\n\r\n {}\n\n \n[]\n", ["{}", "[]"]), ("\n\u{FEFF}\n1", ["1"]),
            ("x\ny", ["x", "y"]),
            ("a\u{0}b\n", ["a\u{0}b"]), ("{\n}\n", ["{", "}"]), ("Dontent\n", ["Dontent"]),
            ("Content-Length: 2\r\n\r\n{}", ["{}"]), ("content-length:2\n\n[]", ["[]"]),
            ("\u{FEFF}\r\nCONTENT-LENGTH: \t 2 \r\n\r\n[]\r\n", ["[]"]),
            (
                "Content-Type: a; charset=utf-8\r\nContent-Length: 1\r\nX: \r\n\r\n1Content-Length: 2\r\n\r\n22",
                ["1", "22"]
            ),
            ("Content-Length: 1\r\nContent-Length: 01\r\n\r\n1", ["1"]),
            ("Content\rLength: 7\r\n\r\n", ["broken"]), ("c0ntent-length: 7\nContent-Length: 1\n\n1", ["1"]),
            (
                "Content-Length: 0\r\n\r\nContent-Length: 4\r\n\r\n\n\n\n1\n\nContent-Length: 1\n\n2",
                ["", "\n\n\n1", "2"]
            ),
            ("Content-Length: 3\r\n\r\n{}", ["half"]), ("Content-Length: 3\r\n\r\n", ["half"]), ("Content-", ["half"]),
            ("Content-Length: 1\r\n", ["half"]), ("Content-Length: 1\r\n\r\n1 \r\n ", ["1"]),
            ("Content-Length: 9223372036854775807\r\n\r\n{}", ["too large {}"]),
        ] as [(String, [String])])
    func frames(input: String, expected: [String]) {
        let input = Array(input.utf8)
        #expect(decode([input]) == expected)
        #expect(decode(input.map { [$0] }) == expected)
        for cut in input.indices {
            #expect(decode([Array(input[..<cut]), Array(input[cut...])]) == expected)
        }
    }

    @Test(
        "A header that loses the boundary ends everything",
        arguments: [
            "Content-Length: -1", "Content-Length: 1.0", "Content-Length: 0x1", "Content-Length: +1", "Content-Length:",
            "Content-Length: 1 2", "Content-Length: one", "Content-Length: 9223372036854775808",
            "Content-Length: 99999999999999999999999", "Content-Type: text", "Content-Length : 1", "Content-Length",
            "Content-Length: 1\r\nContent-Length: 2", "Content-Length: 1\r\n{\"a\":1}", "Content-Length: 1\r\n: 1",
            "Content-Length: 1\r\nContent Length: 1", "c: \u{E9}\r\nb\u{E9}: 1",
            "C: \(String(repeating: "x", count: 20000))",
        ])
    func brokenHeaders(header: String) {
        let input = Array((header + "\r\n\r\n1\nContent-Length: 1\r\n\r\n1").utf8)
        #expect(decode([input]) == ["broken"])
        #expect(decode(input.map { [$0] }) == ["broken"])
    }

    @Test("A header that never ends is refused before it fills the memory")
    func endlessHeader() {
        #expect(
            decode([Array("C".utf8)] + Array(repeating: Array(repeating: 0x63, count: 1000), count: 20)) == ["broken"])
        #expect(decode(Array(repeating: Array("C: d\n".utf8), count: 5000)) == ["broken"])
    }

    @Test(
        "What is over the limit is skipped to its end",
        arguments: [
            ("12345678\n123456789\n1\n", ["12345678", "too large 123456789", "1"]),
            ("12345678\r\n123456789\r\n1", ["12345678\r", "too large 123456789", "1"]),
            ("123456789", ["too large 123456789"]), ("12345678\r", ["12345678\r"]),
            ("1234567890123456789012345\n\n1\n", ["too large 1234567890", "1"]),
            ("1\n          \n1\n", ["1", "too large           ", "1"]),
            (
                "Content-Length: 9\r\n\r\n123456789Content-Length: 8\r\n\r\n12345678",
                ["too large 123456789", "12345678"]
            ),
            ("Content-Length: 20\r\n\r\n1234567890", ["too large 1234567890"]),
        ] as [(String, [String])])
    func limit(input: String, expected: [String]) {
        let input = Array(input.utf8)
        for size in 1...input.count {
            let pieces = stride(from: 0, to: input.count, by: size).map {
                Array(input[$0..<min(input.count, $0 + size)])
            }
            let found = decode(pieces, maxMessageBytes: 8)
            #expect(found.count == expected.count)
            for (found, expected) in zip(found, expected) where found != expected {
                // How much of the beginning is there depends on how it came.
                #expect(found.hasPrefix("too large 1") && expected.hasPrefix("too large 1"))
            }
        }
    }

    @Test(
        "Of what is too large nothing is held but its beginning", arguments: ["", "Content-Length: 200000000\r\n\r\n"])
    func bounded(header: String) {
        var decoder = FrameDecoder(maxMessageBytes: 100_000)
        feed(&decoder, Array(header.utf8))
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 50_000)
        var frames = 0
        for _ in 0..<4000 {
            feed(&decoder, piece)
            while decoder.next() != nil { frames += 1 }
            #expect(decoder.capacity <= 400_000)
        }
        #expect(frames == 1)
    }

    @Test("A message may be as long as the limit, and the room for it is given back", arguments: [true, false])
    func large(hasHeader: Bool) {
        let length = 3_000_000
        var decoder = FrameDecoder(maxMessageBytes: length)
        let text = [UInt8](repeating: UInt8(ascii: "x"), count: length)
        let input = hasHeader ? Array("Content-Length: \(length)\r\n\r\n".utf8) + text : text + [0x0A]
        var found: [Int] = []
        for start in stride(from: 0, to: input.count, by: 997) {
            feed(&decoder, Array(input[start..<min(input.count, start + 997)]))
            while let frame = decoder.next() {
                if case .message(let range) = frame { found.append(range.count) }
            }
        }
        #expect(found == [length])
        #expect(decoder.capacity <= 2 * length + 200_000)
        feed(&decoder, [0x0A])
        #expect(decoder.capacity <= 65536)
    }

    @Test("The framing is that of the first byte that is not blank")
    func framing() {
        for (text, framing) in [
            (" \r\n", nil), ("\n{", .lines), (" c", .headers), ("C", .headers), ("\u{FEFF}x", .lines),
        ]
            as [(String, Framing?)]
        {
            var decoder = FrameDecoder(maxMessageBytes: 100)
            feed(&decoder, Array(text.utf8))
            _ = decoder.next()
            #expect(decoder.framing == framing)
        }
    }
}

private func feed(_ decoder: inout FrameDecoder, _ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = decoder.fill { room in
            room.copyBytes(from: rest.prefix(room.count))
            return min(room.count, rest.count)
        }
        rest = rest.dropFirst(count)
    }
}

/// The frames in words: a message as its text.
private func decode(_ pieces: [[UInt8]], maxMessageBytes: Int = 1000) -> [String] {
    var decoder = FrameDecoder(maxMessageBytes: maxMessageBytes)
    var found: [String] = []
    func drain(_ decoder: inout FrameDecoder) {
        while let frame = decoder.next() {
            switch frame {
            case .message(let range): found.append(String(decoding: decoder.bytes(range), as: UTF8.self))
            case .tooLarge(let range):
                found.append("too large " + String(decoding: decoder.bytes(range), as: UTF8.self))
            case .halfAtEnd: found.append("half")
            case .broken: found.append("broken")
            }
        }
    }
    for piece in pieces {
        feed(&decoder, piece)
        drain(&decoder)
    }
    decoder.finish()
    drain(&decoder)
    return found
}
