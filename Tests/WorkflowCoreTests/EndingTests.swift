import JSON
import Testing
import WorkflowCore
import WorkflowModel

@Suite("How runs end that do not come to their end")
struct EndingTests {
    private let undone: JSONValue = [
        "START": "a",
        "a": ["call": "work", "compensate": ["call": "undo", "with": "${result}"], "next": "b"],
        "b": ["call": "work", "compensate": ["call": "undo", "with": "${steps.a.result}"], "next": "c"],
        "c": call,
    ]

    @Test("What was done is undone in reverse order before the run fails, with what each step left")
    func compensation() throws {
        var table = try Table(undone)
        try table.start()
        try table.succeed("a", "A")
        try table.succeed("b", "B")
        #expect(try table.fail("c") == ["step/failed", "run/ending", "step/started"])
        #expect(table.run.status == .inProgress)
        #expect(table.run.active.map(\.path) == ["b/compensate"])
        #expect(table.run.active.first?.input == "A")
        // What cannot be undone does not keep the rest from it.
        try table.fail("b/compensate")
        #expect(table.run.active.map(\.path) == ["a/compensate"])
        #expect(table.run.active.first?.input == "A")
        #expect(
            try table.succeed("a/compensate").suffix(2) == ["run/statusChanged", "run/failed"])
        #expect(table.run.failure?.kind == "test.failed")
        #expect(try table.replayed().failure == table.run.failure)
    }

    @Test("A cancelled run cleans up, then undoes; it stays in its status until then")
    func cleanup() throws {
        var table = try Table(undone, with: ["cleanup": ["START": "sweep", "sweep": call]])
        try table.start()
        try table.succeed("a", "A")
        try table.decide(.cancel(reason: "enough"))
        #expect(table.run.status == .inProgress)
        #expect(table.run.active.map(\.path) == ["cleanup/sweep"])
        #expect(table.run.allowedMethods == ["run/cancel"])
        #expect(refusal { try table.decide(.pause) } != nil)
        try table.succeed("cleanup/sweep")
        try table.succeed("a/compensate")
        #expect(table.run.status == .cancelled)
        #expect(table.run.cancelReason == "enough")
    }

    @Test("A second cancel ends it at once")
    func forced() throws {
        var table = try Table(undone, with: ["cleanup": ["START": "sweep", "sweep": call]])
        try table.start()
        try table.decide(.cancel(reason: nil))
        try table.decide(.cancel(reason: nil))
        #expect(table.run.status == .cancelled)
        #expect(table.run.active.isEmpty)
    }

    @Test("A graceful cancel lets what is under way finish, and starts nothing new")
    func graceful() throws {
        var table = try Table(undone, options: ["cancel": ["graceful": true, "reason": "by default"]])
        try table.start()
        #expect(try table.decide(.cancel(reason: nil)) == ["run/ending"])
        #expect(table.run.ending != nil)
        try table.succeed("a", "A")
        #expect(table.run.active.map(\.path) == ["a/compensate"])
        try table.succeed("a/compensate")
        #expect(table.run.status == .cancelled)
        #expect(table.run.cancelReason == "by default")
        #expect(table.run.state.isEmpty)
    }

    @Test("Its time limit stops what is still under way")
    func graceLimit() throws {
        var table = try Table(undone, options: ["cancel": ["gracefulTimeoutMs": 100]])
        try table.start()
        try table.decide(.cancel(reason: nil))
        #expect(table.run.nextDeadline(after: table.now) == table.now + .milliseconds(100))
        table.pass(99)
        #expect(try table.decide(.advance).isEmpty)
        table.pass(1)
        #expect(try table.decide(.advance) == ["run/statusChanged", "run/cancelled"])
    }

    @Test("A pending run is cancelled at once, whatever it would clean up")
    func pending() throws {
        var table = try Table(undone, with: ["cleanup": ["START": "sweep", "sweep": call]])
        #expect(try table.decide(.cancel(reason: nil)) == ["run/statusChanged", "run/cancelled"])
    }

    // MARK: Beginning again

    @Test("A run that failed goes on at its checkpoint, and nothing recorded runs again")
    func retry() throws {
        let flow: JSONValue = ["START": "a", "a": ["call": "work", "next": "b"], "b": call]
        var table = try Table(flow)
        try table.start()
        try table.succeed("a", 1)
        try table.fail("b")
        #expect(table.run.allowedMethods == ["run/retry", "run/delete"])
        #expect(try table.decide(.retry(executionID: "e2")) == ["run/statusChanged", "step/started"])
        #expect(table.run.executionID == "e2")
        #expect(table.run.failure == nil)
        #expect(table.run.active.map(\.path) == ["b"])
        #expect(table.run.active.first?.attempt == 2)
        try table.succeed("b", 2)
        #expect(table.run.output == 2)
        #expect(try table.replayed().output == 2)
    }

    @Test("A cancelled run goes on inside its branches")
    func retryInside() throws {
        var table = try Table(["START": "p", "p": ["parallel": ["a": call, "b": call]]])
        try table.start()
        try table.succeed("p[a]", 1)
        try table.decide(.cancel(reason: nil))
        try table.decide(.retry(executionID: "e2"))
        #expect(table.run.active.filter(\.isPerformed).map(\.path) == ["p[b]"])
        try table.succeed("p[b]", 2)
        #expect(table.run.output == ["a": 1, "b": 2])
    }

    @Test(
        "The run's own retry waits, then goes on from the checkpoint or the start", arguments: ["checkpoint", "start"])
    func retryPolicy(from origin: String) throws {
        let flow: JSONValue = ["START": "a", "a": ["call": "work", "next": "b"], "b": call]
        let retry: JSONValue = ["attempts": 3, "delayMs": 100, "backoff": "linear", "from": .string(origin)]
        var table = try Table(flow, options: ["retry": retry])
        try table.start()
        try table.succeed("a")
        #expect(try table.fail("b") == ["step/failed", "run/retryScheduled"])
        #expect(table.run.status == .inProgress)
        #expect(table.run.nextDeadline(after: table.now) == table.now + .milliseconds(100))
        table.pass(99)
        #expect(try table.decide(.advance).isEmpty)
        table.pass(1)
        try table.decide(.advance)
        let step = origin == "start" ? "a" : "b"
        #expect(table.run.active.map(\.path) == [step])
        #expect(table.run.active.first?.attempt == 2)
        let key = table.run.idempotencyKey(of: try #require(table.run.active.first))
        #expect((key == "r:\(step)") == (origin == "checkpoint"))
        if origin == "start" { try table.succeed("a") }
        try table.fail("b")
        table.pass(200)
        try table.decide(.advance)
        if origin == "start" { try table.succeed("a") }
        try table.fail("b")
        #expect(table.run.status == .failed)
        #expect(table.run.executions.count == 3)
    }

    @Test("Failures that another attempt cannot help are not tried again")
    func nonRetryable() throws {
        let retry: JSONValue = ["attempts": 3, "nonRetryable": ["test.failed"]]
        var table = try Table(["START": "a", "a": call], options: ["retry": retry])
        try table.start()
        try table.fail("a")
        #expect(table.run.status == .failed)
        table = try Table(["START": "a", "a": ["call": "work", "retry": retry]])
        try table.start()
        try table.fail("a")
        #expect(table.run.status == .failed)
    }

    @Test("Jitter shortens a delay by its part of it")
    func jitter() throws {
        let retry: JSONValue = ["attempts": 2, "delayMs": 1000, "jitter": 0.5]
        var table = try Table(["START": "a", "a": ["call": "work", "retry": retry]])
        try table.start()
        try table.fail("a")
        // The table's chance is always one half: half of the jitter's half.
        #expect(table.run.nextDeadline(after: table.now) == table.now + .milliseconds(750))
    }

    // MARK: Budgets

    @Test("At its budget of steps a person is asked, and grants as much again or ends it", arguments: [true, false])
    func budget(isGranted: Bool) throws {
        let flow: JSONValue = [
            "START": "a",
            "a": [
                "set": ["n": "${iteration}"],
                "next": [["when": "iteration < 5", "to": "a"], ["to": "END"]],
            ],
        ]
        var table = try Table(flow, options: ["budget": ["maxSteps": 3]])
        try table.start()
        let question = try #require(table.run.interactions.first)
        #expect(question.reason == "budget")
        #expect(table.run.status == .awaiting)
        #expect(table.run.state["n"] == 3)
        let answer = ApprovalAnswer(
            decision: isGranted ? .approved : .rejected, approver: "me", message: nil, client: nil)
        try table.decide(.respondApproval(.id(question.id), answer))
        #expect(table.run.status == (isGranted ? .completed : .failed))
        #expect(table.run.state["n"] == (isGranted ? 5 : 3))
        if !isGranted { #expect(table.run.failure?.kind == "budget.exceeded") }
    }

    @Test("A run that is cancelled once more cleans up once more, with paths and keys of its own")
    func secondCleanup() throws {
        var table = try Table(["START": "a", "a": call], with: ["cleanup": ["START": "sweep", "sweep": call]])
        try table.start()
        for path in ["cleanup/sweep", "cleanup#2/sweep"] {
            try table.decide(.cancel(reason: nil))
            #expect(table.run.active.map(\.path) == [path])
            try table.succeed(path)
            #expect(table.run.status == .cancelled)
            try table.decide(.retry(executionID: path))
        }
        #expect(try table.replayed().root.iterations == ["a": 1, "cleanup": 2])
    }

    @Test(
        "Each execution has the run's whole timeout; the time between two of them counts for neither",
        arguments: ["active", "wall"])
    func timeoutOfExecutions(clock: String) throws {
        let options: JSONValue = [
            "retry": ["attempts": 2, "delayMs": 500], "timeout": ["ms": 100, "clock": .string(clock)],
        ]
        var table = try Table(["START": "a", "a": call], options: options)
        try table.start()
        table.pass(90)
        try table.fail("a")
        table.pass(499)
        #expect(try table.decide(.advance).isEmpty)
        table.pass(1)
        try table.decide(.advance)
        #expect(table.run.active.map(\.attempt) == [2])
        #expect(table.run.nextDeadline(after: table.now) == table.now + .milliseconds(100))
        table.pass(100)
        try table.decide(.advance)
        #expect(table.run.failure?.kind == "run.timedOut")
    }

    @Test("A budget without end is granted again without overflowing")
    func endlessBudget() throws {
        let table = try Table(["START": "a", "a": call], options: ["budget": ["maxSteps": JSONValue(Int.max)]])
        var run = table.run
        run.budgetGrants = 2
        var decider = Decider(run)
        let world = TableSurroundings(seq: 1, mayStart: true, children: [:])
        try decider.decide(.start(executionID: "e"), DecisionContext(now: table.now, surroundings: world))
        #expect(decider.run.active.map(\.attempt) == [1])
    }

    @Test("A cleanup that goes round in circles is given up")
    func endlessCleanup() throws {
        let sweep: JSONValue = ["fail": ["kind": "test.said", "message": "No."], "onError": "sweep"]
        var table = try Table(["START": "a", "a": call], with: ["cleanup": ["START": "sweep", "sweep": sweep]])
        try table.start()
        let events = try table.decide(.cancel(reason: nil))
        #expect(events.suffix(3) == ["execution/log", "run/statusChanged", "run/cancelled"])
        #expect(events.count { $0 == "step/started" } == 1001)
    }

    @Test("What was done again from the start is undone as often, each time under a path of its own")
    func undoneTwice() throws {
        let retry: JSONValue = ["attempts": 2, "from": "start"]
        var table = try Table(undone, options: ["retry": retry])
        try table.start()
        for round in ["first", "second"] {
            try table.succeed("a", .string(round))
            try table.fail("b")
            // The next execution begins.
            try table.decide(.advance)
        }
        for (path, left) in [("a/compensate", "second"), ("a/compensate#2", "first")] as [(String, JSONValue)] {
            #expect(table.run.active.map(\.path) == [path])
            #expect(table.run.active.first?.input == left)
            try table.succeed(path)
        }
        #expect(table.run.status == .failed)
    }
}
