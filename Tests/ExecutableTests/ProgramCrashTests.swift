import Glibc
import JSON
import Testing

@Suite("Programs and kill -9")
struct ProgramCrashTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private final class Bodies {
        /// Each time a body ran: its step, its attempt's number and its idempotency key.
        var ran: [(key: String, attempt: Int, idempotencyKey: String)] = []
        /// The steps whose completion was answered.
        var known: Set<String> = []
    }

    /// A body, a person's decision, a body whose first attempt fails, a command, and a child run.
    private func run(_ program: Program, _ bodies: Bodies) throws {
        func body(_ key: String, _ members: JSONObject = [:], _ work: (Int) throws -> JSONValue) throws -> JSONValue {
            let output = try program.step(key, members) { attempt, idempotencyKey in
                #expect(!bodies.known.contains(key), "\(key) is recorded and ran again.")
                bodies.ran.append((key, attempt, idempotencyKey))
                return try work(attempt)
            }
            bodies.known.insert(key)
            return output
        }
        let built = try body("build") { _ in ["image": "app"] }
        let gate = try program.ask("step/perform", "gate", ["step": ["approval": ["message": "Deploy?"]]])
        let open = try program.client.call("execution/interactions", ["runId": "r"])["interactions"]?.array ?? []
        for question in open { try program.client.decide(question) }
        let decided = try program.result(gate)
        let pushed = try body("push", ["retry": ["attempts": 2, "delayMs": 1]]) { attempt in
            if !bodies.ran.contains(where: { $0.key == "push" && $0.attempt < attempt }) {
                throw Program.StepFailure(kind: "push.failed", message: "The first one fails.")
            }
            return "pushed"
        }
        try program.perform("log", ["command": ["sh", "-c", "echo line >> log"], "onInterrupted": "fail"])
        let child = try program.perform("child", ["workflow": "sets"])
        try program.end([
            "built": built, "by": decided["output"]?["approver"] ?? .null, "pushed": pushed, "child": child,
        ])
    }

    /// The service is killed when the program has said and heard so many words; another one takes over.
    private func crash(after words: Int) throws -> (crashed: Bool, bodies: Bodies) {
        let bodies = Bodies()
        let doomed = try Client(in: folder)
        try doomed.hostPrograms("deploy")
        try doomed.call("workflow/register", ["document": Documents.set])
        try doomed.call("run/create", started("r", "deploy", ["cwd": .string(folder.path)]))
        do {
            try run(try doomed.program(wordsLeft: words), bodies)
            #expect(try doomed.runResult(of: "r")["status"] == "completed")
            return (false, bodies)
        } catch is Program.Crash {
            doomed.kill(with: SIGKILL)
            #expect(try doomed.waitForExit() == .signal(SIGKILL))
        }
        let heir = try Client(in: folder)
        try heir.hostPrograms("deploy")
        let state = try heir.call("run/get", ["runId": "r"])
        // Its last word may have ended the run before the kill.
        if state["status"] != "completed" { try run(try heir.program(), bodies) }
        try check(heir, bodies)
        return (true, bodies)
    }

    private func check(_ client: Client, _ bodies: Bodies) throws {
        let result = try client.runResult(of: "r")
        #expect(result["status"] == "completed")
        #expect(
            result["output"] == ["built": ["image": "app"], "by": "ann", "pushed": "pushed", "child": true],
            "\(result)")
        #expect(folder.text(of: "log") == "line\n")
        _ = try client.events(of: "r")
        let steps = try client.steps(of: "r")
        #expect(Set(steps.keys) == ["build", "gate", "push", "log", "child"])
        for key in ["build", "push"] {
            let ran = bodies.ran.filter { $0.key == key }
            #expect(Set(ran.map(\.idempotencyKey)) == ["r:\(key)"])
            #expect(Set(ran.map(\.attempt)).count == ran.count, "An attempt ran twice: \(ran)")
        }
    }

    /// Until the program comes to its end without a crash: how many words that takes is not written down here.
    @Test("Killed at each of its words in turn, the program comes to the same output, and no recorded step runs again")
    func everyBoundary() throws {
        var words = 0
        while true {
            let place = try ProgramCrashTests()
            guard try place.crash(after: words).crashed else { break }
            words += 1
        }
        // Three for each request: five steps, two completions, another attempt.
        #expect(words >= 25)
    }

    @Test(
        "A body that was under way is run again, asked about, or failed, as the step says",
        arguments: ["retry", "ask", "fail"])
    func interrupted(policy: String) throws {
        let members: JSONObject = ["onInterrupted": .string(policy)]
        let doomed = try Client(in: folder)
        try doomed.hostPrograms("deploy")
        try doomed.call("run/create", started("r", "deploy"))
        let program = try doomed.program()
        #expect(try program.result(program.ask("step/begin", "once", members))["attempt"] == 1)
        doomed.kill(with: SIGKILL)
        try doomed.waitForExit()

        let client = try Client(in: folder)
        try client.hostPrograms("deploy")
        let again = try client.program()
        #expect(again.executionID == program.executionID)
        let asked = try again.ask("step/begin", "once", members)
        switch policy {
        case "retry":
            #expect(try again.result(asked) == ["attempt": 2, "idempotencyKey": "r:once"])
        case "ask":
            let question = try #require(try client.call("execution/interactions")["interactions"]?[0])
            #expect(question["reason"] == "interrupted")
            #expect(try client.call("run/get", ["runId": "r"])["status"] == "awaiting")
            try client.decide(question)
            #expect(try again.result(asked) == ["attempt": 2, "idempotencyKey": "r:once"])
        default: #expect(try again.result(asked)["failed"]?["kind"] == "step.interrupted")
        }
    }

    @Test("What a person decided while nobody hosted the program is there when somebody does")
    func decidedMeanwhile() throws {
        let gate: JSONObject = ["step": ["approval": ["message": "Go?"]]]
        let doomed = try Client(in: folder)
        try doomed.hostPrograms("deploy")
        try doomed.call("run/create", started("r", "deploy"))
        _ = try doomed.program().ask("step/perform", "gate", gate)
        let question = try doomed.notification("execution/approvalRequested")
        doomed.kill(with: SIGKILL)
        try doomed.waitForExit()

        let stranger = try Client(in: folder)
        try stranger.initialize(handlers: [])
        try stranger.decide(question)
        let waits = try stranger.call("run/get", ["runId": "r"])
        #expect(waits["status"] == "in-progress")
        #expect(waits["waitingFor"]?[0]?["kind"] == "handler")
        #expect(waits["waitingFor"]?[0]?["handler"] == "deploy")
        stranger.closeInput()
        try stranger.waitForExit()

        let client = try Client(in: folder)
        try client.hostPrograms("deploy")
        let program = try client.program()
        #expect(try program.result(program.ask("step/perform", "gate", gate))["output"]?["approver"] == "ann")
    }

    @Test("The wait for another attempt survives the service")
    func durableBackoff() throws {
        let members: JSONObject = ["retry": ["attempts": 2, "delayMs": 3_600_000]]
        let doomed = try Client(in: folder)
        try doomed.hostPrograms("deploy")
        try doomed.call("run/create", started("r", "deploy"))
        let program = try doomed.program()
        _ = try program.result(program.ask("step/begin", "slow", members))
        let end = try program.result(program.ask("step/complete", "slow", ["error": ["message": "No."]]))
        #expect(end["attempt"] == 2)
        #expect(end["retryAfterMs"] == 3_600_000)
        doomed.kill(with: SIGKILL)
        try doomed.waitForExit()

        let client = try Client(in: folder)
        try client.hostPrograms("deploy")
        _ = try client.program().ask("step/begin", "slow", members)
        let waits = try client.call("run/get", ["runId": "r"])["waitingFor"]?.array ?? []
        #expect(waits.map { $0["kind"] } == ["timer"])
        #expect(waits.map { $0["path"] } == ["slow"])
    }

    @Test("A client that goes leaves its program to the next one")
    func hostLeft() throws {
        let first = try Client(in: folder)
        try first.hostPrograms("deploy")
        try first.call("run/create", started("r", "deploy"))
        let program = try first.program()
        try program.step("build") { _, _ in 1 }
        let begun = try program.ask("step/begin", "push")
        _ = try program.result(begun)
        first.closeInput()
        #expect(try first.waitForExit() == .code(0))

        let client = try Client(in: folder)
        try client.hostPrograms("deploy")
        let again = try client.program()
        #expect(try again.step("build") { _, _ in 2 } == 1)
        #expect(try again.result(again.ask("step/begin", "push"))["attempt"] == 2)
    }
}
