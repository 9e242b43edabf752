import HTTP
import Testing

@Suite("Server-sent events")
struct ServerSentEventsTests {
    private func events(in pieces: [[UInt8]]) -> [String] {
        var (decoder, found) = (ServerSentEvents(), [String]())
        for piece in pieces {
            let events = piece.withUnsafeBytes { decoder.feed($0) }
            #expect(events != nil)
            found += (events ?? []).map { event in
                "\(String(decoding: event.name, as: UTF8.self))|\(String(decoding: event.data, as: UTF8.self))"
            }
        }
        return found
    }

    static let streams: [(String, [String])] = [
        ("data: one\n\ndata: two\n\n", ["|one", "|two"]),
        ("event: ping\ndata: {}\n\n", ["ping|{}"]),
        ("data:a\r\ndata: b\r\n\r\n", ["|a\nb"]),
        ("data: a\rdata:  b\r\rdata: c\r\r", ["|a\n b", "|c"]),
        ("\u{FEFF}data: after a mark\n\n", ["|after a mark"]),
        (": a comment\nid: 7\nretry: 10\nunknown\ndata: x\n\n", ["|x"]),
        ("event: nothing\n\ndata\n\n", ["|"]),
        ("data: 😀\n\ndata: not ended\n", ["|😀"]),
    ]

    @Test("are the same however the stream is cut", arguments: streams)
    func cuts(stream: String, expected: [String]) {
        let bytes = Array(stream.utf8)
        #expect(events(in: [bytes]) == expected)
        #expect(events(in: bytes.map { [$0] }) == expected)
        for cut in bytes.indices { #expect(events(in: [Array(bytes[..<cut]), Array(bytes[cut...])]) == expected) }
    }

    @Test("One that is too large ends the reading")
    func bounded() {
        var decoder = ServerSentEvents()
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        var fed = 0
        while piece.withUnsafeBytes({ decoder.feed($0) }) != nil { fed += 1 }
        #expect(fed == 16)
    }
}
