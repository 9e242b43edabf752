import JSON
import Testing

@Suite("Floods are survived in bounded memory, and nothing is lost or doubled", .serialized)
struct FloodTests {
    private static let bound = 300
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test("A hundred thousand unknown methods get a hundred thousand answers")
    func unknownMethods() throws {
        let client = try Client(in: folder, arguments: ["--store", "memory:"])
        try client.initialize()
        let count = 100_000
        var bytes: [UInt8] = []
        for id in 1000..<1000 + count { bytes += "{\"jsonrpc\":\"2.0\",\"id\":\(id),\"method\":\"no/such\"}\n".utf8 }
        try client.send(raw: bytes)
        try client.wait(for: count, "refusals") { $0["error"]?["code"] == -32601 }
        #expect(try client.peakMemory() < Self.bound)
        #expect(try client.call("health/check")["status"] == "ok")
        client.closeInput()
        #expect(try client.waitForExit() == .code(0))
        let ids = client.transcript.compactMap { $0["error"]?["code"] == -32601 ? $0["id"]?.int : nil }
        #expect(ids.count == count)
        #expect(Set(ids).count == count)
    }

    @Test("Strings of 10 MB go in and out, as ids, params and unknown methods")
    func greatStrings() throws {
        let client = try Client(in: folder)
        try client.initialize()
        let great = String(repeating: "0123456789", count: 1_000_000)
        #expect(
            try client.call("expression/evaluate", ["expression": "text", "bindings": ["text": .string(great)]]) == [
                "value": .string(great)
            ])
        #expect(try client.answer(to: client.request("health/check", id: .string(great)))["result"]?["status"] == "ok")
        #expect(try client.refusal(great)["code"] == -32601)
        try client.call("run/create", created("r", Documents.call, ["input": ["n": .string(great)]]))
        #expect(try client.call("run/get", ["runId": "r"])["input"]?["n"]?.string == great)
        #expect(try client.peakMemory() < Self.bound)
    }

    @Test(
        "A message over the limit is refused by name, and the next one is answered", arguments: Client.Framing.allCases)
    func tooLarge(framing: Client.Framing) throws {
        let client = try Client(in: folder, framing, arguments: ["--store", "memory:"])
        let limits = try client.initialize()["limits"]
        let limit = try #require(limits?["maxMessageBytes"]?.int)
        #expect(limit == 16 << 20)
        let id = try client.request(
            "health/check", ["padding": .string(String(repeating: "x", count: limit))], id: "great")
        let error = try client.answer(to: id)["error"]
        #expect(error?["code"] == -32000)
        #expect(error?["data"]?["kind"] == "message.tooLarge")
        #expect(try client.call("health/check")["status"] == "ok")
        #expect(try client.peakMemory() < Self.bound)
    }

    @Test("A batch of 100,000 is answered in one array, one more is refused")
    func batches() throws {
        let client = try Client(in: folder, arguments: ["--store", "memory:"])
        try client.initialize()
        func batch(_ count: Int) -> [UInt8] {
            let entries = (0..<count).map { "{\"jsonrpc\":\"2.0\",\"id\":\($0),\"method\":\"no/such\"}" }
            return Array(("[" + entries.joined(separator: ",") + "]\n").utf8)
        }
        try client.send(raw: batch(100_000))
        let answers = try client.next("a batch") { $0.array != nil }.array ?? []
        #expect(Set(answers.compactMap { $0["id"]?.int }).count == 100_000)
        #expect(answers.count == 100_000)
        try client.send(raw: batch(100_001))
        #expect(try client.answer(to: .null)["error"]?["data"]?["kind"] == "limit.exceeded")
        #expect(try client.peakMemory() < Self.bound)
    }

    @Test("A client that floods and never reads is held up; when it reads, it finds every answer once")
    func neverReads() throws {
        let client = try Client(in: folder)
        try client.initialize()
        client.isListening = false
        let padding = String(repeating: "p", count: 2000)
        let count = 20_000
        var bytes: [UInt8] = []
        for id in 1000..<1000 + count {
            bytes +=
                """
                {"jsonrpc":"2.0","id":\(id),"method":"expression/evaluate","params":{"expression":"t","bindings":{"t":"\(padding)"}}}

                """.utf8
        }
        let taken = try client.fill(with: bytes)
        #expect(taken < bytes.count / 2, "It must stop reading when nobody reads its answers.")
        #expect(try client.peakMemory() < Self.bound)
        client.isListening = true
        try client.send(raw: Array(bytes[taken...]))
        #expect(try client.call("health/check")["status"] == "ok")
        let ids = client.transcript.filter { $0["result"]?["value"] != nil }.compactMap { $0["id"]?.int }
        #expect(ids == Array(1000..<1000 + count))
        #expect(try client.peakMemory() < Self.bound)
    }

    @Test("Runs that a client creates without reading are all told, in order, once it reads")
    func runsWithoutReading() throws {
        let client = try Client(in: folder)
        try client.initialize()
        let count = 2000
        let text = String(repeating: "word ", count: 100)
        let document = workflow(
            "echo", ["say": ["agent": "parrot", "prompt": .string(text)]],
            ["agents": ["parrot": ["model": "scripted/echo"]]])
        try client.call("workflow/register", ["document": document])
        client.isListening = false
        var bytes: [UInt8] = []
        for index in 0..<count {
            bytes += client.frame([
                "jsonrpc": "2.0", "id": JSONValue(10_000 + index), "method": "run/create",
                "params": started("r\(index)", "echo"),
            ])
        }
        let taken = try client.fill(with: bytes, isFullAfter: 1_000)
        #expect(try client.peakMemory() < Self.bound)
        client.isListening = true
        try client.send(raw: Array(bytes[taken...]))
        try client.wait(for: count, "ends of runs") { $0["method"] == "run/completed" }
        let answers = client.transcript.compactMap { $0["method"] == nil ? $0["id"]?.int : nil }.filter { $0 >= 10_000 }
        #expect(answers.count == count)
        #expect(Set(answers).count == count)
        for run in ["r0", "r1", "r\(count / 2)", "r\(count - 1)"] {
            let told = client.journalled(of: run).map { $0["params"]?["seq"]?.int ?? 0 }
            #expect(told == Array(1...max(told.count, 1)))
            #expect(Deltas(of: run, in: client).text(of: "say") == text)
        }
        #expect(try client.peakMemory() < Self.bound)
    }
}
