import Glibc
import JSON
import Testing

@Suite("Programs over the pipes")
struct ProgramTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.hostPrograms("deploy")
    }

    /// Starts the run `r` of the program, and gives its call.
    private func begin(_ more: JSONObject = [:]) throws -> Program {
        try client.call("run/create", started("r", "deploy", more))
        return try client.program()
    }

    @Test("A program's steps are recorded, its output is the run's, and it is told like any run")
    func happyPath() throws {
        let program = try begin(["input": ["branch": "main"]])
        #expect(program.params["runId"] == "r")
        #expect(program.params["workflow"] == "deploy")
        #expect(program.params["input"] == ["branch": "main"])
        try program.step("build", ["input": 5]) { attempt, key in
            #expect(attempt == 1)
            #expect(key == "r:build")
            return ["image": "app"]
        }
        #expect(try program.perform("greet", ["command": ["echo", "hi"]])["stdout"] == "hi\n")
        try program.end(["done": true])
        let result = try client.runResult(of: "r")
        #expect(result["status"] == "completed")
        #expect(result["output"] == ["done": true])
        let steps = try client.steps(of: "r")
        #expect(steps.keys.sorted() == ["build", "greet"])
        #expect(steps["build"]?["kind"] == "step")
        #expect(steps["build"]?["input"] == 5)
        #expect(steps["greet"]?["kind"] == "command")
        #expect(try client.decisions(of: "r").isEmpty)
        #expect(try client.call("run/get", ["runId": "r"])["progress"]?["current"] == 2)
        try client.checkTold(of: "r")
    }

    // MARK: Steps

    @Test("A step that fails is tried again as it says, with the same key, and its last failure is the record")
    func retries() throws {
        let program = try begin()
        var attempts: [Int] = []
        let failure = #expect(throws: Program.StepFailure.self) {
            try program.step("push", ["retry": ["attempts": 3, "delayMs": 1]]) { attempt, _ in
                attempts.append(attempt)
                throw Program.StepFailure(kind: "push.failed", message: "Attempt \(attempt)")
            }
        }
        #expect(attempts == [1, 2, 3])
        #expect(failure?.message == "Attempt 3")
        #expect(try client.steps(of: "r")["push"]?["error"]?["kind"] == "push.failed")
        try program.end("went on")
        #expect(try client.runResult(of: "r")["output"] == "went on")
    }

    @Test("A failure that cannot be helped is not tried again")
    func notRetryable() throws {
        let program = try begin()
        _ = try program.result(program.ask("step/begin", "push", ["retry": ["attempts": 3]]))
        let error: JSONValue = ["message": "Never.", "retryable": false, "data": ["why": 1]]
        let end = try program.result(program.ask("step/complete", "push", ["error": error]))
        #expect(end["attempt"] == nil)
        let recorded = try client.steps(of: "r")["push"]?["error"]
        #expect(recorded?["kind"] == "step.failed")
        #expect(recorded?["details"] == ["why": 1])
    }

    @Test("A step whose time is over has failed, and its completion is told so")
    func timeout() throws {
        let program = try begin()
        _ = try program.result(program.ask("step/begin", "slow", ["timeoutMs": 1]))
        _ = try client.notification("step/failed", of: "r")
        let end = try program.result(program.ask("step/complete", "slow", ["output": 1]))
        #expect(end["failed"]?["kind"] == "step.timedOut")
        #expect(try client.call("run/get", ["runId": "r"])["status"] == "in-progress")
    }

    @Test("A step that the service performs and that fails answers with an error of its kind")
    func performedFailure() throws {
        let program = try begin()
        let step: JSONValue = ["fail": ["kind": "no.good", "message": "It is ${input}."]]
        let error = try program.error(program.ask("step/perform", "stop", ["step": step]))
        #expect(error["data"]?["kind"] == "no.good")
        #expect(error["message"] == "It is .")
        let caught = try program.perform("calm", ["fail": ["kind": "a.b", "message": "m"], "onError": "END"])
        #expect(caught == .null)
        try program.end(1)
        #expect(try client.runResult(of: "r")["status"] == "completed")
    }

    @Test("Handlers, branches, items, signals, waits and children are steps of a program too")
    func performed() throws {
        let program = try begin()
        let call = try program.ask("step/perform", "call", ["step": ["call": "work", "with": ["n": 1]]])
        try client.execution(at: "call").succeed("called")
        #expect(try program.result(call)["output"] == "called")
        let branches: JSONValue = ["parallel": ["a": ["set": ["x": 1]], "b": ["call": "work"]]]
        let parallel = try program.ask("step/perform", "both", ["step": branches])
        try client.execution(at: "both[b]").succeed(2)
        #expect(try program.result(parallel)["output"] == ["a": nil, "b": 2])
        let items: JSONValue = ["forEach": ["in": ["x", "y"], "do": ["command": ["echo", "${item}"]]]]
        #expect(try program.perform("each", items)[1]?["stdout"] == "y\n")
        #expect(try program.perform("rest", ["wait": ["durationMs": 1]]) == ["fired": "duration"])
        let signal = try program.ask("step/perform", "wake", ["step": ["wait": ["signal": "go"]]])
        try client.call("execution/signal", ["runId": "r", "name": "go", "payload": 7])
        #expect(try program.result(signal)["output"]?["payload"] == 7)
        let child = try program.ask("step/perform", "child", ["step": ["workflow": "deploy", "with": 3]])
        let inner = try client.program()
        #expect(inner.params["input"] == 3)
        #expect(try inner.step("build") { _, _ in 4 } == 4)
        try inner.end(5)
        #expect(try program.result(child)["output"] == 5)
        #expect(try client.call("run/state", ["runId": "r"])["state"] == ["x": 1])
        try program.end(nil)
        #expect(try client.runResult(of: "r")["status"] == "completed")
        try client.checkTold(of: "r")
    }

    @Test("What a body says while it runs is told as its step's")
    func deltas() throws {
        let program = try begin()
        _ = try program.result(program.ask("step/begin", "write"))
        for text in ["a", "b"] {
            try client.notify(
                "step/textDelta", ["executionId": program.executionID, "path": "write", "text": .string(text)])
        }
        try client.notify("step/log", ["executionId": program.executionID, "message": "by the step"])
        _ = try program.result(program.ask("step/complete", "write", ["output": 1]))
        try client.notify("step/log", ["executionId": program.executionID, "message": "by the program"])
        let deltas = client.transcript.filter { $0["method"] == "execution/textDelta" }.compactMap { $0["params"] }
        #expect(deltas.compactMap { $0["text"]?.string }.joined() == "ab")
        #expect(deltas.allSatisfy { $0["path"] == "write" && $0["attempt"] == 1 })
        let logs = try client.call("run/logs", ["runId": "r"])["entries"]?.array ?? []
        #expect(logs.map { $0["step"] } == ["write", nil])
    }

    // MARK: Names

    @Test("A registered document comes before a program of its name; the list shows both kinds")
    func names() throws {
        #expect(try client.call("workflow/list")["workflows"] == [["name": "deploy", "hosted": true]])
        #expect(
            try client.call("workflow/get", ["name": "deploy"])["document"] == ["name": "deploy", "program": "deploy"])
        let document = workflow("deploy", ["note": ["set": ["done": true]]])
        try client.call("workflow/register", ["document": document])
        let listed = try client.call("workflow/list")["workflows"]?.array ?? []
        #expect(listed.map { $0["hosted"] } == [nil])
        try client.call("run/create", started("r", "deploy"))
        #expect(try client.runResult(of: "r")["status"] == "completed")
        #expect(try client.kind("run/create", created("s", "other")) == "workflow.notFound")
    }

    @Test("A document may give a program an input schema and an output, and is refused where nobody hosts it")
    func documents() throws {
        let document: JSONValue = [
            "name": "typed", "program": "deploy", "input": ["type": "integer"], "output": "${result.n}",
        ]
        #expect(try client.call("workflow/validate", ["document": document])["valid"] == true)
        #expect(try client.kind("run/create", created("r", document, ["input": "x"])) == "input.invalid")
        try client.call("run/create", started("r", document, ["input": 1]))
        try client.program().end(["n": 7])
        #expect(try client.runResult(of: "r")["output"] == 7)
        let unknown: JSONValue = ["name": "typed", "program": "other"]
        #expect(try client.kind("run/create", created("s", unknown)) == "step.handlerMissing")
    }

    @Test("The same runId with the same request is the same run, whose program is asked once")
    func idempotent() throws {
        let first = try client.call("run/create", started("r", "deploy"))
        #expect(try client.call("run/create", started("r", "deploy")) == first)
        try client.program().end(1)
        _ = try client.runResult(of: "r")
        #expect(client.transcript.count { $0["method"] == "workflow/execute" } == 1)
    }

    // MARK: What is refused

    static let refused: [(String, JSONObject, String)] = [
        ("step/begin", ["key": "taken"], "step.duplicateKey"),
        ("step/perform", ["key": "taken", "step": ["set": [:]]], "step.duplicateKey"),
        ("step/complete", ["key": "other", "output": 1], "step.notBegun"),
        ("step/complete", ["key": "ended", "output": 1], "step.notBegun"),
        ("step/begin", ["key": "x", "executionId": "none"], "execution.notFound"),
        ("step/complete", ["key": "x", "executionId": "none"], "execution.notFound"),
        ("step/perform", ["key": "x", "executionId": "none", "step": ["set": [:]]], "execution.notFound"),
        ("step/perform", ["key": "x", "step": ["wat": 1]], "workflow.invalid"),
        ("step/perform", ["key": "x", "step": ["set": [:], "next": "y"]], "workflow.invalid"),
        ("step/perform", ["key": "x", "step": ["call": "nobody"]], "step.handlerMissing"),
        ("step/begin", ["key": "x", "retry": ["attempts": 0]], "workflow.invalid"),
        ("step/begin", ["key": "x", "onInterrupted": "panic"], "workflow.invalid"),
    ]

    @Test("What makes no sense is refused, and the program goes on")
    func refusals() throws {
        let folder = try Folder()
        let client = try Client(in: folder)
        try client.hostPrograms("*", handlers: ["work"])
        try client.call("run/create", started("r", "anything"))
        let program = try client.program()
        _ = try program.result(program.ask("step/begin", "taken"))
        try program.step("ended") { _, _ in 1 }
        for (method, params, kind) in Self.refused {
            var params = params
            params["executionId"] = params["executionId"] ?? program.executionID
            #expect(try client.kind(method, .object(params)) == kind, "\(method) \(params)")
        }
        for key: JSONValue in ["", "a/b", "a[0]", 7, "a\nb", .string(String(repeating: "k", count: 129))] {
            let error = try client.refusal("step/begin", ["executionId": program.executionID, "key": key])
            #expect(error["code"] == -32602)
            #expect(error["data"]?["pointer"] == "/key")
        }
        _ = try program.result(program.ask("step/complete", "taken", ["output": 1]))
        try program.step("schön, ja: #2") { _, _ in 1 }
        try program.end(1)
        #expect(try client.runResult(of: "r")["status"] == "completed")
    }

    @Test("A request of a program that is withdrawn is answered as cancelled, and its key may be asked for again")
    func withdrawn() throws {
        let program = try begin()
        let step: JSONObject = ["step": ["wait": ["signal": "go"]]]
        let id = try program.ask("step/perform", "wake", step)
        try client.notify("$/cancelRequest", ["id": id])
        #expect(try program.error(id)["code"] == -32800)
        let again = try program.ask("step/perform", "wake", step)
        try client.call("execution/signal", ["runId": "r", "name": "go"])
        #expect(try program.result(again)["output"]?["fired"] == "signal")
    }

    @Test("At shutdown what a program waits for is answered")
    func shutdown() throws {
        let program = try begin()
        let rest = try program.ask("step/perform", "rest", ["step": ["wait": ["durationMs": 3_600_000]]])
        try client.call("shutdown")
        #expect(try program.error(rest)["data"]?["kind"] == "server.shuttingDown")
    }
}
