import JSON
import Testing

@Suite("A script pipes its messages in")
struct PipedScriptTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// The four messages of a script, and the end of the input behind them.
    private func pipe(_ document: JSONValue, _ framing: Client.Framing, ending: String = "\n") throws -> Client {
        let client = try Client(in: folder, framing, extra: ["--allow-commands"])
        let messages: [JSONValue] = [
            ["jsonrpc": "2.0", "id": 1, "method": "initialize", "params": [:]],
            ["jsonrpc": "2.0", "id": 2, "method": "run/create", "params": created("mine", document)],
            ["jsonrpc": "2.0", "id": 3, "method": "run/start", "params": ["runId": "mine"]],
            ["jsonrpc": "2.0", "id": 4, "method": "run/result", "params": ["runId": "mine"]],
        ]
        var bytes = messages.flatMap(client.frame)
        if framing == .lines { bytes = bytes.dropLast() + Array(ending.utf8) }
        try client.send(raw: bytes)
        client.closeInput()
        #expect(try client.waitForExit() == .code(0))
        return client
    }

    private func answers(of client: Client) -> [JSONValue] {
        client.transcript.filter { $0["method"] == nil }
    }

    @Test("Four messages give four answers and exit code 0", arguments: Client.Framing.allCases)
    func fourMessages(framing: Client.Framing) throws {
        let document = workflow(
            "works",
            [
                "say": ["command": ["printf", "hello"], "next": "echo"],
                "echo": ["agent": "parrot", "prompt": "one two ${steps.say.result.stdout}", "next": "END"],
            ], ["agents": ["parrot": ["model": "scripted/echo"]], "output": "${result.text}"])
        let client = try pipe(document, framing)
        let answers = answers(of: client)
        #expect(answers.count == 4)
        #expect(Set(answers.compactMap { $0["id"]?.int }) == [1, 2, 3, 4])
        #expect(answers.allSatisfy { $0["result"] != nil && $0["jsonrpc"] == "2.0" })
        let result = answers.first { $0["id"] == 4 }?["result"]
        #expect(result == ["runId": "mine", "status": "completed", "output": "one two hello"])
    }

    @Test(
        "A last line without its line feed is answered, and CRLF and blank lines are taken",
        arguments: ["", "\r\n", "\n\n\r\n"])
    func lineEnds(ending: String) throws {
        let client = try pipe(Documents.set, .lines, ending: ending)
        #expect(answers(of: client).last?["result"]?["status"] == "completed")
        #expect(answers(of: client).count == 4)
    }

    @Test(
        "A run that waits for somebody is answered with the status it has",
        arguments: [(Documents.approval, "awaiting"), (Documents.input, "awaiting")])
    func waitsForAPerson(document: JSONValue, status: String) throws {
        let client = try pipe(document, .lines)
        #expect(answers(of: client).last?["result"] == ["runId": "mine", "status": .string(status)])
    }

    @Test("A run whose handler leaves with the input is answered and stays recoverable")
    func handlerLeaves() throws {
        let first = try Client(in: folder)
        try first.initialize(handlers: ["work"])
        try first.request("run/create", started("mine", Documents.call, ["input": ["n": 1]]))
        _ = try first.execution()
        let waiting = try first.request("run/result", ["runId": "mine"])
        first.closeInput()
        #expect(try first.answer(to: waiting)["result"] == ["runId": "mine", "status": "in-progress"])
        #expect(try first.waitForExit() == .code(0))

        let second = try Client(in: folder)
        let opened = try second.initialize()
        #expect(opened["recovered"]?["runs"] == 1)
        let again = try second.execution()
        #expect(again.params["attempt"] == 2)
        try again.succeed("done")
        #expect(try second.runResult(of: "mine")["output"] == "done")
    }

    @Test("A paused and a pending run do not hold the end up")
    func pausedAndPending() throws {
        let client = try Client(in: folder)
        try client.initialize()
        try client.call("run/create", started("paused", Documents.wait))
        try client.call("run/pause", ["runId": "paused"])
        try client.call("run/create", created("pending", Documents.wait))
        let ids = try ["paused", "pending"].map { try client.request("run/result", ["runId": .string($0)]) }
        client.closeInput()
        #expect(try client.waitForExit() == .code(0))
        let statuses = try ids.map { try client.answer(to: $0)["result"]?["status"]?.string }
        #expect(statuses == ["in-progress", "pending"])
    }

    @Test("A timer's run is waited for after the end of the input")
    func waitsForATimer() throws {
        let client = try pipe(workflow("naps", ["nap": ["wait": ["durationMs": 300]]]), .lines)
        #expect(answers(of: client).last?["result"]?["status"] == "completed")
    }
}
