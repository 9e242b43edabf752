import CSystem
import Glibc
import JSON
import Testing

@Suite("The life of a session")
struct LifecycleTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test("Before initialize a known method is refused with -32002, an unknown one with -32601")
    func beforeInitialize() throws {
        let client = try Client(in: folder)
        #expect(try client.refusal("run/list")["code"] == -32002)
        #expect(try client.refusal("run/create", ["nonsense": 1])["code"] == -32002)
        #expect(try client.refusal("shutdown")["code"] == -32002)
        #expect(try client.refusal("no/such")["code"] == -32601)
        try client.initialize()
        #expect(try client.call("health/check") == ["status": "ok"])
    }

    @Test("A second initialize is refused with -32600, and the session goes on")
    func secondInitialize() throws {
        let client = try Client(in: folder)
        try client.initialize()
        #expect(try client.refusal("initialize", [:])["code"] == -32600)
        #expect(try client.call("health/check")["status"] == "ok")
    }

    @Test("An initialize that is wrong can be said again")
    func wrongInitialize() throws {
        let client = try Client(in: folder)
        let error = try client.refusal("initialize", ["user": ["name": 7]])
        #expect(error["code"] == -32602)
        #expect(error["data"]?["pointer"] == "/user/name")
        try client.initialize()
    }

    @Test("A protocol version nobody knows is answered with the newest, and unknown members are ignored")
    func unknownVersion() throws {
        let client = try Client(in: folder)
        client.strays = true
        let result = try client.initialize([
            "protocolVersion": "99.9", "rootUri": nil, "workspaceFolders": [], "trace": "off", "processId": nil,
        ])
        #expect(result["protocolVersion"]?.string != "99.9")
        #expect(result["protocolVersion"]?.string != nil)
        #expect(result["capabilities"]?.object != nil)
    }

    @Test("After shutdown requests are refused with -32600, and exit ends with code 0")
    func shutdown() throws {
        let client = try Client(in: folder)
        try client.initialize()
        #expect(try client.call("shutdown") == .null)
        #expect(try client.refusal("run/list")["code"] == -32600)
        try client.notify("exit")
        #expect(try client.waitForExit() == .code(0))
    }

    @Test("Shutdown answers what waits with the status it has, and leaves running attempts recoverable")
    func shutdownWithWork() throws {
        let client = try Client(in: folder)
        try client.initialize()
        try client.call("run/create", started("r", Documents.call, ["input": ["n": 1]]))
        _ = try client.execution()
        let waiting = try client.request("run/result", ["runId": "r"])
        let ending = try client.request("shutdown")
        #expect(try client.answer(to: waiting)["result"]?["status"] == "in-progress")
        #expect(try client.answer(to: ending)["result"] == .some(.null))
        let positions = try [waiting, ending].map { id in
            try client.position { $0["id"] == id && $0["method"] == nil }
        }
        #expect(positions[0] < positions[1])
        try client.notify("exit")
        #expect(try client.waitForExit() == .code(0))
        let second = try Client(in: folder)
        #expect(try second.initialize()["recovered"]?["runs"] == 1)
    }

    @Test("Exit without shutdown ends with code 1", arguments: [true, false])
    func exitAlone(afterInitialize: Bool) throws {
        let client = try Client(in: folder)
        if afterInitialize { try client.initialize() }
        try client.notify("exit")
        #expect(try client.waitForExit() == .code(1))
    }

    @Test("The end of the input ends with code 0, whatever was said before", arguments: ["", "\n", " \r\n"])
    func endOfInput(text: String) throws {
        let client = try Client(in: folder)
        try client.send(raw: Array(text.utf8))
        client.closeInput()
        #expect(try client.waitForExit() == .code(0))
        #expect(client.transcript.isEmpty)
    }

    @Test(
        "SIGTERM and SIGINT end it within two seconds, with a command that does not listen",
        arguments: [SIGTERM, SIGINT])
    func signals(number: Int32) throws {
        let client = try Client(in: folder)
        try client.initialize(commands: true)
        let stubborn: JSONValue = ["command": ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"]]
        try client.call("run/create", started("r", workflow("stubborn", ["stay": stubborn])))
        _ = try client.notification("execution/textDelta")
        let waiting = try client.request("run/result", ["runId": "r"])
        _ = try client.call("health/check")
        let began = Client.now
        client.kill(with: number)
        try client.waitForExit(within: 4_000)
        #expect(Client.now - began < 2_500)
        #expect(try client.answer(to: waiting)["result"]?["status"] == "in-progress")
        let second = try Client(in: folder)
        #expect(try second.initialize()["recovered"]?["runs"] == 1)
    }

    @Test("A second signal ends it at once")
    func secondSignal() throws {
        let client = try Client(in: folder)
        try client.initialize(commands: true)
        let stubborn: JSONValue = ["command": ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"]]
        try client.call("run/create", started("r", workflow("stubborn", ["stay": stubborn])))
        _ = try client.notification("execution/textDelta")
        client.kill(with: SIGTERM)
        client.kill(with: SIGTERM)
        client.kill(with: SIGINT)
        let began = Client.now
        try client.waitForExit(within: 3_000)
        #expect(Client.now - began < 900)
    }

    @Test("It ends when the process that initialize names dies")
    func deathOfTheHost() throws {
        let host = try Client(in: folder)
        let client = try Client(in: folder)
        try client.initialize(["processId": JSONValue(Int(host.pid))])
        #expect(try client.call("health/check")["status"] == "ok")
        host.kill(with: SIGKILL)
        try host.waitForExit()
        try client.waitForExit(within: 5_000)
    }

    @Test("A process that is dead already ends it too")
    func deadHost() throws {
        let host = try Client(in: folder)
        host.kill(with: SIGKILL)
        try host.waitForExit()
        let client = try Client(in: folder)
        try client.request("initialize", ["processId": JSONValue(Int(host.pid))])
        try client.waitForExit(within: 5_000)
    }

    @Test("When nobody reads any more it stops at once")
    func outputLost() throws {
        let client = try Client(in: folder)
        try client.initialize()
        client.closeOutput()
        try client.request("health/check")
        try client.waitForExit(within: 5_000)
    }

    @Test("After the end of the input a client that stopped reading does not keep it alive")
    func outputLostAfterTheEnd() throws {
        let client = try Client(in: folder)
        try client.initialize()
        try client.call("run/create", created("r", Documents.wait))
        try client.request("run/start", ["runId": "r"])
        try client.request("run/result", ["runId": "r"])
        client.closeInput()
        client.closeOutput()
        client.kill(with: SIGTERM)
        try client.waitForExit(within: 5_000)
    }

    @Test("Notifications before initialize do nothing")
    func earlyNotifications() throws {
        let client = try Client(in: folder)
        try client.notify("initialized")
        try client.notify("$/cancelRequest", ["id": 1])
        try client.notify("step/log", ["message": "early"])
        try client.notify("no/such", [1, 2])
        try client.initialize()
        #expect(client.transcript.count == 1)
    }

    @Test("A client that does not read cannot keep it from ending within two seconds of a signal")
    func signalWithoutReader() throws {
        let client = try Client(in: folder)
        try client.initialize()
        client.isListening = false
        let padding = JSONValue.string(String(repeating: "p", count: 5000))
        let message = client.frame([
            "jsonrpc": "2.0", "id": nil, "method": "expression/evaluate",
            "params": ["expression": "p", "bindings": ["p": padding]],
        ])
        _ = try client.fill(with: Array([[UInt8]](repeating: message, count: 2000).joined()))
        let began = Client.now
        client.kill(with: SIGTERM)
        try client.waitForExit(within: 4_000)
        #expect(Client.now - began < 2_500)
    }

    @Test("What is asked while it ends is done, or refused as what it is")
    func askedTooLate() throws {
        let client = try Client(in: folder)
        try client.initialize()
        client.kill(with: SIGTERM)
        for _ in 1...50 { _ = try? client.request("run/list") }
        try client.waitForExit(within: 5_000)
        try client.readToEnd()
        let errors = client.transcript.compactMap { $0["error"] }
        #expect(errors.allSatisfy { $0["data"]?["kind"] == "server.shuttingDown" }, "\(errors)")
    }

    @Test("A command that is cancelled ends with its whole process group")
    func cancelledCommand() throws {
        let client = try Client(in: folder)
        try client.initialize(commands: true)
        let step: JSONValue = ["command": ["sh", "-c", "sleep 600 & echo $! ; wait"]]
        try client.call("run/create", started("r", workflow("waits", ["stay": step])))
        let said = try #require(try client.notification("execution/textDelta")["text"]?.string)
        let grandchild = try #require(pid_t(said.split(separator: "\n").first ?? ""))
        let descriptor = fermata_pidfd_open(grandchild)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try client.call("run/cancel", ["runId": "r"])
        var death = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&death, 1, 5_000) == 1)
    }

    @Test("All of a session in one write is answered before its end", arguments: [true, false])
    func inOneWrite(shutsDown: Bool) throws {
        let client = try Client(in: folder)
        var messages: [JSONValue] = [
            ["jsonrpc": "2.0", "id": 1, "method": "initialize", "params": [:]],
            ["jsonrpc": "2.0", "id": 2, "method": "run/create", "params": started("r", Documents.wait)],
            ["jsonrpc": "2.0", "id": 3, "method": "run/result", "params": ["runId": "r"]],
        ]
        if shutsDown { messages.append(["jsonrpc": "2.0", "id": 4, "method": "shutdown"]) }
        messages.append(["jsonrpc": "2.0", "method": "exit"])
        try client.send(together: messages)
        #expect(try client.waitForExit() == .code(shutsDown ? 0 : 1))
        let answered = client.transcript.compactMap { $0["result"] == nil ? nil : $0["id"]?.int }
        #expect(answered == Array(1...(shutsDown ? 4 : 3)))
    }

    @Test("At the end of the input a command that nobody waits for is ended, and its run stays recoverable")
    func endOfInputWithCommand() throws {
        let client = try Client(in: folder)
        try client.initialize(commands: true)
        let step: JSONValue = ["command": ["sh", "-c", "echo $$; exec sleep 600"]]
        try client.call("run/create", started("r", workflow("waits", ["stay": step])))
        let said = try #require(try client.notification("execution/textDelta")["text"]?.string)
        let command = try #require(pid_t(said.split(separator: "\n").first ?? ""))
        client.closeInput()
        #expect(try client.waitForExit(within: 4_000) == .code(0))
        #expect(kill(command, 0) == -1)
        let second = try Client(in: folder)
        #expect(try second.initialize()["recovered"]?["runs"] == 1)
    }
}
