import Glibc
import JSON
import Testing

@Suite("The life of a run whose workflow is a program")
struct ProgramLifeTests {
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

    @Test("A program that waits for a person makes its run awaiting, and goes on in progress")
    func awaiting() throws {
        let program = try begin()
        let gate = try program.ask("step/perform", "gate", ["step": ["approval": ["message": "Go?"]]])
        let question = try client.notification("execution/approvalRequested")
        let run = try client.call("run/get", ["runId": "r"])
        #expect(run["status"] == "awaiting")
        #expect(run["waitingFor"]?.array?.map { $0["kind"] } == ["person"])
        try client.decide(question)
        #expect(try program.result(gate)["output"]?["status"] == "approved")
        #expect(try client.call("run/get", ["runId": "r"])["status"] == "in-progress")
    }

    @Test("While the run is paused nothing begins, and what is under way completes")
    func paused() throws {
        let program = try begin()
        _ = try program.result(program.ask("step/begin", "a"))
        try client.call("run/pause", ["runId": "r"])
        _ = try program.result(program.ask("step/complete", "a", ["output": 1]))
        let waiting = try program.ask("step/begin", "b")
        #expect(try client.steps(of: "r").keys.sorted() == ["a"])
        try client.call("run/resume", ["runId": "r"])
        #expect(try program.result(waiting)["attempt"] == 1)
    }

    @Test("A run that is cancelled takes its program back: what it asked is refused, and so is what it asks later")
    func cancelled() throws {
        let program = try begin()
        let rest = try program.ask("step/perform", "rest", ["step": ["wait": ["durationMs": 3_600_000]]])
        try client.call("run/cancel", ["runId": "r", "reason": "enough"])
        #expect(try program.error(rest)["data"]?["kind"] == "execution.notFound")
        let cancel = try client.next("$/cancelRequest") { $0["method"] == "$/cancelRequest" }
        #expect(cancel["params"]?["id"] == program.id)
        #expect(try program.error(program.ask("step/begin", "late"))["data"]?["kind"] == "execution.notFound")
        #expect(try client.runResult(of: "r")["status"] == "cancelled")
    }

    @Test("A graceful cancel lets a body finish, and no other begin")
    func gracefully() throws {
        let program = try begin(["options": ["cancel": ["graceful": true, "gracefulTimeoutMs": 60_000]]])
        _ = try program.result(program.ask("step/begin", "a"))
        try client.call("run/cancel", ["runId": "r"])
        #expect(try client.call("run/get", ["runId": "r"])["cancelRequested"] == true)
        _ = try program.result(program.ask("step/complete", "a", ["output": 1]))
        #expect(try client.runResult(of: "r")["status"] == "cancelled")
        #expect(try client.steps(of: "r")["a"]?["status"] == "completed")
    }

    @Test("A run whose time is over stops its program; the program knew until when")
    func runTimeout() throws {
        let program = try begin(["options": ["timeout": ["ms": 50]]])
        #expect(program.params["deadlineAt"]?.string?.hasSuffix("Z") == true)
        #expect(try client.runResult(of: "r")["error"]?["kind"] == "run.timedOut")
        _ = try client.next("$/cancelRequest") {
            $0["method"] == "$/cancelRequest" && $0["params"]?["id"] == program.id
        }
    }

    @Test("A program's error fails the run, its kind and message kept")
    func failed() throws {
        try begin().fail("Not today.", data: ["kind": "deploy.refused"])
        let result = try client.runResult(of: "r")
        #expect(result["status"] == "failed")
        #expect(result["error"]?["kind"] == "deploy.refused")
        #expect(result["error"]?["message"] == "Not today.")
    }

    @Test("A retry keeps what succeeded and forgets what failed; attempt numbers go on")
    func retried() throws {
        let program = try begin()
        try program.step("build") { _, _ in 1 }
        #expect(throws: Program.StepFailure.self) {
            try program.step("push") { _, _ in throw Program.StepFailure(kind: "x.y", message: "No.") }
        }
        // It was begun because of the failure, so that the program need not come to it again.
        try program.step("clean up") { _, _ in 2 }
        try program.fail("It failed.")
        #expect(try client.runResult(of: "r")["status"] == "failed")
        let retried = try client.call("run/retry", ["runId": "r"])
        let again = try client.program()
        #expect(again.executionID == retried["executionId"])
        #expect(again.executionID != program.executionID)
        #expect(try again.step("build") { _, _ in 0 } == 1)
        var attempt = 0
        try again.step("push") { number, key in
            attempt = number
            #expect(key == "r:push")
            return 3
        }
        #expect(attempt == 2)
        try again.end("done")
        #expect(try client.runResult(of: "r")["output"] == "done")
    }

    @Test("A run that has come to its budget asks, and its program waits")
    func budget() throws {
        let program = try begin(["options": ["budget": ["maxSteps": 1]]])
        try program.step("a") { _, _ in 1 }
        let waiting = try program.ask("step/begin", "b")
        let question = try client.notification("execution/approvalRequested")
        #expect(question["reason"] == "budget")
        #expect(try client.call("run/get", ["runId": "r"])["status"] == "awaiting")
        try client.decide(question)
        #expect(try program.result(waiting)["attempt"] == 1)
    }

    @Test("A budget that is not granted fails the run")
    func budgetRefused() throws {
        let program = try begin(["options": ["budget": ["maxSteps": 1]]])
        try program.step("a") { _, _ in 1 }
        let waiting = try program.ask("step/perform", "b", ["step": ["wait": ["durationMs": 1]]])
        try client.decide(try client.notification("execution/approvalRequested"), "rejected")
        #expect(try program.error(waiting)["data"]?["kind"] == "execution.notFound")
        #expect(try client.runResult(of: "r")["error"]?["kind"] == "budget.exceeded")
    }

    @Test("A step that the program did not wait for is withdrawn when it ends")
    func leftOver() throws {
        let program = try begin()
        _ = try program.result(program.ask("step/begin", "a"))
        _ = try program.ask("step/perform", "gate", ["step": ["approval": ["message": "Go?"]]])
        try program.end(1)
        #expect(try client.runResult(of: "r")["output"] == 1)
        #expect(try client.call("execution/interactions")["interactions"] == [])
        #expect(try client.steps(of: "r").mapValues { $0["status"] } == ["a": "cancelled", "gate": "cancelled"])
    }

    @Test("A run that was deleted is gone with all that its program had recorded")
    func deleted() throws {
        let program = try begin()
        try program.step("a") { _, _ in 1 }
        try program.end(1)
        _ = try client.runResult(of: "r")
        try client.call("run/delete", ["runId": "r"])
        #expect(try client.kind("run/get", ["runId": "r"]) == "run.notFound")
    }

    @Test("A run of a program is drawn as what it did: what had ended stands above what began then")
    func picture() throws {
        let program = try begin()
        _ = try program.result(program.ask("step/begin", "a"))
        _ = try program.result(program.ask("step/begin", "a#2"))
        for key in ["a", "a#2"] { _ = try program.result(program.ask("step/complete", key, ["output": 1])) }
        try program.perform("both", ["parallel": ["x": ["set": [:]], "y": ["command": ["true"]]]])
        _ = try program.ask("step/perform", "gate", ["step": ["approval": ["message": "Go?"]]])
        _ = try client.notification("execution/approvalRequested")
        let picture = try client.call("workflow/diagram", ["runId": "r", "format": "dot"])["diagram"]?.string ?? ""
        for part in ["✓ a", "✓ a#2", "✓ x", "✓ y", "⏸ gate"] {
            #expect(picture.contains(part), "\(part) in \(picture)")
        }
        #expect(!picture.contains("END"))
        let plan = try client.call("workflow/diagram", ["workflow": "deploy"])["diagram"]?.string
        #expect(plan?.contains("program deploy") == true)
    }
}
