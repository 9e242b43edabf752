import Glibc
import JSON
import Testing

@Suite("Two approvals in branches, open at once")
struct GateTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// Before each gate and after it a command leaves a line, so that what runs twice is seen.
    private static var document: JSONValue {
        func branch(_ name: String) -> JSONValue {
            func note(_ word: String, then next: String) -> JSONValue {
                ["command": ["sh", "-c", .string("echo \(word) \(name) >> log")], "next": .string(next)]
            }
            return [
                "flow": [
                    "START": "before", "before": note("before", then: "gate"),
                    "gate": ["approval": ["message": .string("Open \(name)?")], "next": "after"],
                    "after": note("after", then: "END"),
                ], "output": "${steps.gate.result}",
            ]
        }
        return workflow("gates", ["gates": ["parallel": ["left": branch("left"), "right": branch("right")]]])
    }

    /// A session that has both questions: each by its path.
    private func open() throws -> (client: Client, questions: [String: JSONValue]) {
        let client = try Client(in: folder)
        try client.initialize(commands: true)
        try client.call("run/create", started("r", Self.document, ["cwd": .string(folder.path)]))
        var questions: [String: JSONValue] = [:]
        for _ in 0..<2 {
            let question = try client.notification("execution/approvalRequested")
            questions[question["path"]?.string ?? ""] = question
        }
        #expect(questions.keys.sorted() == ["gates[left]/gate", "gates[right]/gate"])
        return (client, questions)
    }

    @Test("Each is answered by its id, in either order", arguments: [["left", "right"], ["right", "left"]])
    func eitherOrder(order: [String]) throws {
        let (client, questions) = try open()
        _ = try client.notification("run/statusChanged") { $0["status"] == "awaiting" }
        let run = try client.call("run/get", ["runId": "r"])
        #expect(run["waitingFor"]?.array?.map { $0["kind"] } == ["person", "person"])
        #expect(try client.call("execution/interactions")["interactions"]?.array?.count == 2)
        #expect(
            try client.kind(
                "execution/respondApproval",
                ["executionId": run["executionId"] ?? .null, "decision": "approved", "approver": "ann"])
                == "interaction.ambiguous")
        for name in order { try client.decide(try #require(questions["gates[\(name)]/gate"]), by: name) }
        let output = try client.runResult(of: "r")["output"]
        #expect(output?["left"]?["approver"] == "left")
        #expect(output?["right"]?["approver"] == "right")
        try client.checkTold(of: "r")
    }

    @Test("kill -9 between the two answers: the first is kept, and nothing recorded runs again")
    func crashBetween() throws {
        let (first, questions) = try open()
        try first.decide(try #require(questions["gates[right]/gate"]), by: "before the crash")
        _ = try first.notification("step/completed") { $0["path"] == "gates[right]/after" }
        first.kill(with: SIGKILL)
        try first.waitForExit()
        let second = try Client(in: folder, extra: ["--allow-commands"])
        try second.initialize()
        let left = try second.call("execution/interactions")["interactions"]?.array ?? []
        #expect(left.map { $0["interactionId"] } == [questions["gates[left]/gate"]?["interactionId"]])
        #expect(try second.call("run/get", ["runId": "r"])["status"] == "awaiting")
        try second.decide(try #require(left.first), by: "after it")
        let output = try second.runResult(of: "r")["output"]
        #expect(output?["right"]?["approver"] == "before the crash")
        #expect(output?["left"]?["approver"] == "after it")
        let lines = folder.text(of: "log")?.split(separator: "\n").map(String.init) ?? []
        #expect(lines.sorted() == ["after left", "after right", "before left", "before right"])
        _ = try second.events(of: "r")
    }

    @Test("A rejected gate ends its own branch, and the other one goes on")
    func rejected() throws {
        let (client, questions) = try open()
        try client.decide(try #require(questions["gates[left]/gate"]), "rejected")
        try client.decide(try #require(questions["gates[right]/gate"]))
        let output = try client.runResult(of: "r")["output"]
        #expect(output?["left"]?["status"] == "rejected")
        #expect(output?["right"]?["status"] == "approved")
        #expect(folder.text(of: "log")?.contains("after left") == false)
    }

    @Test("Answers are taken while the run is paused, and what follows them starts when it is resumed")
    func paused() throws {
        let (client, questions) = try open()
        _ = try client.notification("run/statusChanged") { $0["status"] == "awaiting" }
        try client.call("run/pause", ["runId": "r"])
        for question in questions.values { try client.decide(question) }
        let run = try client.call("run/get", ["runId": "r"])
        #expect(run["isPaused"] == true)
        #expect(try client.steps(of: "r")["gates[left]/after"] == nil)
        try client.call("run/resume", ["runId": "r"])
        #expect(try client.runResult(of: "r")["status"] == "completed")
        try client.checkTold(of: "r")
    }
}
