import JSON
import Testing

/// What is sent, and the answers in short: `id: code` for an error, `id: ok` for a result.
struct Exchange: CustomTestStringConvertible, Sendable {
    let sent: String
    let answers: [String]

    init(_ sent: String, _ answers: String...) {
        self.sent = sent
        self.answers = answers
    }

    var testDescription: String { String(sent.prefix(60)) }
}

@Suite("Hostile input is answered, and the session goes on")
struct HostileInputTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private static let deep = String(repeating: "[", count: 513) + String(repeating: "]", count: 513)

    static let texts = [
        Exchange("{", "null: -32700"),
        Exchange("}", "null: -32700"),
        Exchange("nonsense", "null: -32700"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"health/check\",}", "null: -32700"),
        Exchange("{'jsonrpc':'2.0','id':1,'method':'health/check'}", "null: -32700"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"health/check\"} x", "null: -32700"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":01,\"method\":\"health/check\"}", "null: -32700"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\\ud800\"}", "null: -32700"),
        Exchange(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"health/check\",\"params\":{\"a\":\"\\udc00\"}}", "null: -32700"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\tb\"}", "null: -32700"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\u{0}b\"}", "null: -32700"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":NaN,\"method\":\"health/check\"}", "null: -32700"),
        Exchange("[1,", "null: -32700"),
        Exchange(deep, "null: -32700"),
        Exchange("null", "null: -32600"),
        Exchange("7", "null: -32600"),
        Exchange("\"text\"", "null: -32600"),
        Exchange("{}", "null: -32600"),
        Exchange("[]", "null: -32600"),
        Exchange("[1]", "[null: -32600]"),
        Exchange("[1,2,3]", "[null: -32600, null: -32600, null: -32600]"),
        Exchange("[[]]", "[null: -32600]"),
        Exchange("{\"id\":1,\"method\":\"health/check\"}", "1: -32600"),
        Exchange("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"health/check\"}", "1: -32600"),
        Exchange("{\"jsonrpc\":2.0,\"id\":1,\"method\":\"health/check\"}", "1: -32600"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":1}", "1: -32600"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":1}", "1: -32600"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"health/check\",\"params\":\"bar\"}", "1: -32600"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"health/check\",\"params\":7}", "1: -32600"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"health/check\"}", "null: -32600"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":1e2,\"method\":\"health/check\"}", "null: -32600"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"health/check\"}", "null: -32600"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"health/check\"}", "null: -32600"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"health/check\"}", "null: -32600"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"run/get\",\"params\":[\"r\"]}", "1: -32602"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"no/such\",\"params\":[1]}", "1: -32601"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\"}", "1: -32601"),
        Exchange("{\"jsonrpc\":\"2.0\",\"method\":\"no/such\"}"),
        Exchange("{\"jsonrpc\":\"2.0\",\"method\":\"run/list\"}"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":{}}"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":99,\"error\":{\"code\":1,\"message\":\"stray\"}}"),
        Exchange("[{\"jsonrpc\":\"2.0\",\"method\":\"initialized\"}]"),
        Exchange(
            "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"health/check\"},1,{\"foo\":\"boo\"},"
                + "{\"jsonrpc\":\"2.0\",\"method\":\"initialized\"},{\"jsonrpc\":\"2.0\",\"id\":\"2\",\"method\":\"no/such\"}]",
            "[\"2\": -32601, 1: ok, null: -32600, null: -32600]"),
    ]

    static let goodOnes = [
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":\"\",\"method\":\"health/check\"}", "\"\": ok"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"health/check\"}", "null: ok"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":-7,\"method\":\"health/check\"}", "-7: ok"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"health/check\"}", "0: ok"),
        Exchange(
            "{\"jsonrpc\":\"2.0\",\"id\":123456789012345678901234567890,\"method\":\"health/check\"}",
            "123456789012345678901234567890: ok"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":9007199254740993,\"method\":\"health/check\"}", "9007199254740993: ok"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":\"a\\u0062\\n\",\"method\":\"health/check\"}", "\"ab\\n\": ok"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"health/check\",\"params\":null}", "1: ok"),
        Exchange("{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"no/such\",\"method\":\"health/check\"}", "2: ok"),
        Exchange(
            " \t{ \"method\" : \"health\\/check\" , \"id\" : 3 , \"jsonrpc\" : \"2.0\" , \"more\" : [] } \r", "3: ok"),
    ]

    /// Sends one text after `initialize`, then asks for the health, and gives what was answered between.
    private func answers(to text: [UInt8], _ framing: Client.Framing) throws -> [String] {
        let client = try Client(in: folder, framing, arguments: ["--store", "memory:"])
        try client.initialize()
        switch framing {
        case .lines: try client.send(raw: text + [0x0A])
        case .headers: try client.send(raw: Array("Content-Length: \(text.count)\r\n\r\n".utf8) + text)
        }
        let last = try client.request("health/check", id: "last")
        #expect(try client.answer(to: last)["result"] == ["status": "ok"])
        return client.transcript.dropFirst().filter { $0["id"] != "last" }.map(Self.summary)
    }

    private static func summary(_ answer: JSONValue) -> String {
        if let batch = answer.array { return "[" + batch.map(summary).sorted().joined(separator: ", ") + "]" }
        let id = answer["id"]?.serialized() ?? "no id"
        guard answer["jsonrpc"] == "2.0", answer.object?.count == 3 else { return "no answer: \(answer)" }
        if answer["result"] != nil { return "\(id): ok" }
        guard answer["error"]?["message"]?.string?.isEmpty == false else { return "no message: \(answer)" }
        return "\(id): \(answer["error"]?["code"]?.int ?? 0)"
    }

    @Test("A line that is no request is answered with its code", arguments: texts + goodOnes)
    func lines(exchange: Exchange) throws {
        #expect(try answers(to: Array(exchange.sent.utf8), .lines) == exchange.answers)
    }

    @Test("The same after a header", arguments: texts + goodOnes)
    func headers(exchange: Exchange) throws {
        #expect(try answers(to: Array(exchange.sent.utf8), .headers) == exchange.answers)
    }

    @Test(
        "Bytes that are no UTF-8 are a parse error",
        arguments: [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func invalidText(bytes: [UInt8]) throws {
        let message = Array("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"".utf8) + bytes + Array("\"}".utf8)
        #expect(try answers(to: message, .lines) == ["null: -32700"])
        #expect(try answers(to: message, .headers) == ["null: -32700"])
    }

    @Test("An error about depth says so")
    func depth() throws {
        let client = try Client(in: folder, arguments: ["--store", "memory:"])
        try client.send(raw: Array((Self.deep + "\n").utf8))
        #expect(try client.answer(to: .null)["error"]?["message"]?.string?.contains("512") == true)
    }

    @Test("A byte order mark before the first message is taken", arguments: Client.Framing.allCases)
    func byteOrderMark(framing: Client.Framing) throws {
        let client = try Client(in: folder, framing, arguments: ["--store", "memory:"])
        try client.send(raw: [0xEF, 0xBB, 0xBF])
        try client.initialize()
        #expect(try client.call("health/check")["status"] == "ok")
    }

    @Test(
        "A header that loses the frame boundary is answered once and ends with code 1",
        arguments: [
            "Content-Length: -1\r\n\r\n", "Content-Length: 1.5\r\n\r\n", "Content-Length: ten\r\n\r\n",
            "Content-Length:\r\n\r\n", "Content-Type: text\r\n\r\n", "Content-Length: 99999999999999999999\r\n\r\n",
            "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "content-length 2\r\n\r\n{}", "C\r\n\r\n",
        ])
    func brokenHeaders(header: String) throws {
        let client = try Client(in: folder, .headers, arguments: ["--store", "memory:"])
        try client.send(raw: Array(header.utf8))
        #expect(try client.waitForExit() == .code(1))
        #expect(client.transcript.map(Self.summary) == ["null: -32700"])
    }

    @Test(
        "Headers are read as LSP has them",
        arguments: [
            "content-length: 58\r\n\r\n", "CONTENT-LENGTH:58\r\n\r\n", "Content-Length:  58 \r\nX-Other: y\r\n\r\n",
            "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 58\r\n\r\n",
            "Content-Length: 58\r\nContent-Length: 58\r\n\r\n", "Content-Length: 58\n\n",
        ])
    func goodHeaders(header: String) throws {
        let client = try Client(in: folder, .headers, arguments: ["--store", "memory:"])
        let text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}"
        try client.send(raw: Array((header + text).utf8))
        #expect(try client.answer(to: 1)["result"] != nil)
    }

    @Test("A frame that is cut off by the end is told as a parse error")
    func halfFrames() throws {
        for (framing, text) in [
            (Client.Framing.headers, "Content-Length: 100\r\n\r\n{\"jsonrpc\""), (.headers, "Content-Length: 1"),
            (.lines, "{\"jsonrpc\":\"2.0\",\"id\":1,"),
        ] {
            let client = try Client(in: folder, framing, arguments: ["--store", "memory:"])
            try client.send(raw: Array(text.utf8))
            client.closeInput()
            #expect(try client.waitForExit() == .code(0))
            #expect(client.transcript.map(Self.summary) == ["null: -32700"])
        }
    }

    @Test("A message in single bytes is one message", arguments: Client.Framing.allCases)
    func singleBytes(framing: Client.Framing) throws {
        let client = try Client(in: folder, framing, arguments: ["--store", "memory:"])
        let message: JSONValue = [
            "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": ["clientInfo": ["name": "é€😀"]],
        ]
        for byte in client.frame(message) { try client.send(raw: [byte]) }
        #expect(try client.answer(to: 1)["result"] != nil)
    }

    @Test("An id that is in flight is refused with request.duplicateId")
    func duplicateID() throws {
        let client = try Client(in: folder, arguments: ["--store", "memory:"])
        try client.initialize()
        try client.call("run/create", started("r", Documents.wait))
        try client.request("run/result", ["runId": "r"], id: "same")
        try client.request("health/check", id: "same")
        let refused = try client.answer(to: "same")
        #expect(refused["error"]?["code"] == -32000)
        #expect(refused["error"]?["data"]?["kind"] == "request.duplicateId")
        try client.call("run/cancel", ["runId": "r"])
        #expect(try client.answer(to: "same")["result"]?["status"] == "cancelled")
        #expect(try client.answer(to: client.request("health/check", id: "same"))["result"] != nil)
    }

    @Test("What was asked before the frame boundary was lost is answered")
    func answeredBeforeTheLoss() throws {
        let client = try Client(in: folder, .headers, arguments: ["--store", "memory:"])
        try client.initialize()
        let id = try client.request("health/check")
        try client.send(raw: Array("Content-Length: none\r\n\r\n".utf8))
        #expect(try client.waitForExit() == .code(1))
        #expect(try client.answer(to: id)["result"] == ["status": "ok"])
        #expect(try client.answer(to: .null)["error"]?["code"] == -32700)
    }

    @Test("A message over the limit whose id comes too late is answered with id null")
    func tooLargeWithLateID() throws {
        let client = try Client(in: folder, arguments: ["--store", "memory:"])
        try client.initialize()
        let padding = String(repeating: "x", count: 17 << 20)
        try client.send(["jsonrpc": "2.0", "method": "health/check", "params": ["padding": .string(padding)], "id": 77])
        #expect(try client.answer(to: .null)["error"]?["data"]?["kind"] == "message.tooLarge")
        #expect(try client.call("health/check")["status"] == "ok")
    }
}
