import JSON
import Testing

@Suite("How runs end, and begin again")
struct EndingTests {
    private let folder: Folder
    private let client: Client
    /// Two steps that can be undone, and a third.
    private let undone = workflow(
        "undone",
        [
            "one": ["call": "do", "compensate": ["call": "undo", "with": "${result}"], "next": "two"],
            "two": ["call": "do", "compensate": ["call": "undo", "with": "${result}"], "next": "three"],
            "three": ["call": "do", "next": "END"],
        ], ["cleanup": ["START": "sweep", "sweep": ["call": "sweep", "next": "END"]]])

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize()
    }

    private func start(_ document: JSONValue, options: JSONValue = [:]) throws {
        try client.call("run/create", started("r", document, ["options": options]))
    }

    private func cancel(_ reason: String? = nil) throws -> JSONValue {
        var params: JSONObject = ["runId": "r"]
        params["reason"] = reason.map { .string($0) }
        return try client.call("run/cancel", .object(params))
    }

    // MARK: Undoing

    @Test("A run that fails is undone in reverse order, before it is failed; what cannot be undone stops nothing")
    func compensation() throws {
        try start(undone)
        try client.execution(at: "one").succeed("first")
        try client.execution(at: "two").succeed("second")
        try client.execution(at: "three").fail(code: 1, "It broke.", data: ["kind": "mine.broke"])
        let last = try client.execution(at: "two/compensate")
        #expect(last.params["input"] == "second")
        #expect(last.params["handler"] == "undo")
        #expect(try client.call("run/get", ["runId": "r"])["status"] == "in-progress")
        try last.fail(code: 1, "It cannot be undone.")
        let first = try client.execution(at: "one/compensate")
        #expect(first.params["input"] == "first")
        try first.succeed(nil)
        let result = try client.runResult(of: "r")
        #expect(result["status"] == "failed")
        #expect(result["error"]?["kind"] == "mine.broke")
        #expect(client.performed == ["one", "two", "three", "two/compensate", "one/compensate"])
        let ending = try client.notification("run/ending")
        #expect(ending["status"] == "failed")
        #expect(ending["error"]?["kind"] == "mine.broke")
        try client.checkTold(of: "r")
    }

    @Test("kill -9 while a run is undone: it is undone to the end")
    func crash() throws {
        try start(undone)
        try client.execution(at: "one").succeed("first")
        try client.execution(at: "two").succeed("second")
        try client.execution(at: "three").fail(code: 1, "It broke.")
        try client.execution(at: "two/compensate").succeed(nil)
        _ = try client.execution(at: "one/compensate")
        client.kill(with: 9)
        try client.waitForExit()
        let next = try Client(in: folder)
        try next.initialize()
        let again = try next.execution(at: "one/compensate")
        #expect(again.params["attempt"] == 2)
        try again.succeed(nil)
        #expect(try next.runResult(of: "r")["status"] == "failed")
        #expect(next.performed == ["one/compensate"])
        _ = try next.events(of: "r")
    }

    // MARK: Cancelling

    @Test("Cancelled, a run cleans up, then undoes, and only then is cancelled")
    func cleanup() throws {
        try start(undone)
        try client.execution(at: "one").succeed("first")
        _ = try client.execution(at: "two")
        #expect(try cancel("enough")["status"] == "in-progress")
        let run = try client.call("run/get", ["runId": "r"])
        #expect(run["cancelRequested"] == true)
        #expect(try client.refusal("run/pause", ["runId": "r"])["data"]?["allowed"] == ["run/cancel"])
        try client.execution(at: "cleanup/sweep").succeed(nil)
        try client.execution(at: "one/compensate").succeed(nil)
        let result = try client.runResult(of: "r")
        #expect(result["status"] == "cancelled")
        #expect(result["reason"] == "enough")
        #expect(try client.call("run/get", ["runId": "r"])["cancelRequested"] == nil)
        #expect(client.performed == ["one", "two", "cleanup/sweep", "one/compensate"])
        try client.checkTold(of: "r")
    }

    @Test("A second cancel ends it at once")
    func forced() throws {
        try start(undone)
        _ = try client.execution(at: "one")
        _ = try cancel()
        let sweep = try client.execution(at: "cleanup/sweep")
        #expect(try cancel()["status"] == "cancelled")
        let cancelled = try client.next("$/cancelRequest") {
            $0["method"] == "$/cancelRequest" && $0["params"]?["id"] == sweep.id
        }
        #expect(cancelled["id"] == nil)
        try client.checkTold(of: "r")
    }

    @Test("Gracefully, what is under way may finish, and nothing new starts")
    func graceful() throws {
        try start(undone, options: ["cancel": ["graceful": true, "reason": "as it was said"]])
        let execution = try client.execution(at: "one")
        #expect(try cancel()["status"] == "in-progress")
        let ending = try client.notification("run/ending")
        #expect(ending["status"] == "cancelled")
        #expect(ending["graceUntil"]?.string != nil)
        #expect(client.transcript.allSatisfy { $0["method"] != "$/cancelRequest" })
        try execution.succeed("first")
        try client.execution(at: "cleanup/sweep").succeed(nil)
        try client.execution(at: "one/compensate").succeed(nil)
        let result = try client.runResult(of: "r")
        #expect(result["status"] == "cancelled")
        #expect(result["reason"] == "as it was said")
        #expect(try client.steps(of: "r")["one"]?["status"] == "completed")
        #expect(client.performed == ["one", "cleanup/sweep", "one/compensate"])
        try client.checkTold(of: "r")
    }

    @Test("What does not finish in time is called off, then comes the cleanup")
    func graceLimit() throws {
        try start(undone, options: ["cancel": ["gracefulTimeoutMs": 100]])
        let execution = try client.execution(at: "one")
        _ = try cancel()
        let cancelled = try client.next("$/cancelRequest") { $0["method"] == "$/cancelRequest" }
        #expect(cancelled["params"]?["id"] == execution.id)
        try client.execution(at: "cleanup/sweep").succeed(nil)
        #expect(try client.runResult(of: "r")["status"] == "cancelled")
        #expect(try client.steps(of: "r")["one"]?["status"] == "cancelled")
        try client.checkTold(of: "r")
    }

    // MARK: Beginning again

    @Test("run/retry goes on where a run failed, in a new execution; nothing recorded runs again")
    func retry() throws {
        let document = workflow("again", ["one": ["call": "do", "next": "two"], "two": ["call": "do"]])
        try start(document)
        try client.execution(at: "one").succeed(1)
        let two = try client.execution(at: "two")
        try two.fail(code: 1, "It broke.")
        #expect(try client.runResult(of: "r")["status"] == "failed")
        let first = try client.call("run/get", ["runId": "r"])["executionId"]
        let handle = try client.call("run/retry", ["runId": "r"])
        #expect(handle["status"] == "in-progress")
        #expect(handle["executionId"] != first)
        let again = try client.execution(at: "two")
        #expect(again.params["attempt"] == 2)
        #expect(again.params["idempotencyKey"] == two.params["idempotencyKey"])
        #expect(try client.kind("run/retry", ["runId": "r"]) == "run.invalidTransition")
        try again.succeed(2)
        let result = try client.runResult(of: "r")
        #expect(result["output"] == 2)
        #expect(result["error"] == nil)
        #expect(client.performed == ["one", "two", "two"])
        let change = try client.notification("run/statusChanged") { $0["previous"] == "failed" }
        #expect(change["from"] == "checkpoint")
        try client.checkTold(of: "r")
    }

    @Test("run/retry goes on where a run was cancelled, within its branches, also after a restart")
    func retryCancelled() throws {
        let document = workflow("branches", ["p": ["parallel": ["a": ["call": "do"], "b": ["call": "do"]]]])
        try start(document)
        try client.execution(at: "p[a]").succeed("A")
        _ = try client.execution(at: "p[b]")
        _ = try client.notification("step/completed")
        #expect(try cancel()["status"] == "cancelled")
        client.kill(with: 9)
        try client.waitForExit()
        let next = try Client(in: folder)
        try next.initialize()
        try next.call("run/subscribe", ["runId": "r", "afterSeq": 0])
        try next.call("run/retry", ["runId": "r"])
        try next.execution(at: "p[b]").succeed("B")
        #expect(try next.runResult(of: "r")["output"] == ["a": "A", "b": "B"])
        #expect(next.performed == ["p[b]"])
        try next.checkTold(of: "r")
    }

    @Test("A run's own retry begins a new execution by itself", arguments: ["checkpoint", "start"])
    func retryOption(from origin: String) throws {
        let document = workflow("again", ["one": ["call": "do", "next": "two"], "two": ["call": "do"]])
        try start(document, options: ["retry": ["attempts": 2, "delayMs": 50, "from": .string(origin)]])
        let one = try client.execution(at: "one")
        try one.succeed(1)
        try client.execution(at: "two").fail(code: 1, "It broke.")
        let scheduled = try client.notification("run/retryScheduled")
        #expect(scheduled["error"]?["kind"] == "handler.failed")
        #expect(scheduled["willRetryAt"]?.string != nil)
        if origin == "start" {
            let again = try client.execution(at: "one")
            #expect(again.params["attempt"]?.int ?? 0 > 1)
            #expect(again.params["idempotencyKey"] != one.params["idempotencyKey"])
            try again.succeed(1)
        }
        let second = try client.execution(at: "two")
        #expect(second.params["attempt"]?.int ?? 0 > 1)
        try second.fail(code: 1, "It broke again.")
        let result = try client.runResult(of: "r")
        #expect(result["status"] == "failed")
        #expect(result["error"]?["message"] == "It broke again.")
        #expect(client.transcript.count { $0["method"] == "run/failed" } == 1)
        try client.checkTold(of: "r")
    }

    @Test("A run that waits for its next execution says so, and can be cancelled")
    func retryWaits() throws {
        try start(Documents.fail, options: ["retry": ["attempts": 2, "delayMs": 3_600_000]])
        // What a document fails with is final: there is nothing to try again.
        #expect(try client.runResult(of: "r")["error"]?["kind"] == "no.good")
        let document = workflow("breaks", ["one": ["call": "do"]])
        try client.call(
            "run/create",
            started("s", document, ["options": ["retry": ["attempts": 2, "delayMs": 3_600_000]]]))
        try client.execution().fail(code: 1, "It broke.")
        _ = try client.notification("run/retryScheduled")
        let run = try client.call("run/get", ["runId": "s"])
        #expect(run["status"] == "in-progress")
        #expect(run["waitingFor"]?[0]?["kind"] == "timer")
        try client.call("run/pause", ["runId": "s"])
        try client.call("run/resume", ["runId": "s"])
        #expect(try client.call("run/cancel", ["runId": "s"])["status"] == "cancelled")
        try client.checkTold(of: "s")
    }

    // MARK: Budgets

    @Test("At its budget of steps a run asks; granted, it has as much again", arguments: ["approved", "rejected"])
    func budget(decision: String) throws {
        let document = workflow(
            "counts",
            [
                "count": [
                    "set": ["n": "${iteration}"], "next": [["when": "iteration < 5", "to": "count"], ["to": "END"]],
                ]
            ], ["output": "${state.n}"])
        try start(document, options: ["budget": ["maxSteps": 3]])
        let question = try client.notification("execution/approvalRequested")
        #expect(question["reason"] == "budget")
        #expect(try client.call("run/get", ["runId": "r"])["status"] == "awaiting")
        try client.decide(question, decision)
        let result = try client.runResult(of: "r")
        if decision == "approved" {
            #expect(result["output"] == 5)
        } else {
            #expect(result["error"]?["kind"] == "budget.exceeded")
        }
        try client.checkTold(of: "r")
    }

    @Test("Options that are none are refused, each with its pointer")
    func wrongOptions() throws {
        let wrong: [(JSONValue, String)] = [
            (["retry": ["attempts": 0]], "/retry/attempts"), (["retry": ["from": "here"]], "/retry/from"),
            (["retry": ["jitter": 2]], "/retry/jitter"), (["budget": ["maxSteps": 0]], "/budget/maxSteps"),
            (["cancel": ["graceful": "yes"]], "/cancel/graceful"),
            (["timeout": ["ms": 1, "clock": "sun"]], "/timeout/clock"),
            (["timeout": [:]], "/timeout"), (["surprise": 1], "/surprise"),
        ]
        for (options, pointer) in wrong {
            let error = try client.refusal("run/create", created("r", Documents.set, ["options": options]))
            #expect(error.serialized().contains(pointer), "\(options) told as \(error)")
        }
    }
}
