import JSON
import Testing
import WorkflowCore
import WorkflowModel

@Suite("Steps that fail")
struct FailingStepsTests {
    @Test(
        "Attempts are repeated after the delay the step asks for",
        arguments: [
            (["attempts": 3, "delayMs": 100] as JSONValue, [100, 100]),
            (["attempts": 3, "delayMs": 100, "backoff": "linear"], [100, 200]),
            (["attempts": 4, "delayMs": 100, "backoff": "exponential"], [100, 200, 400]),
            (["attempts": 4, "delayMs": 100, "backoff": "exponential", "maxDelayMs": 150], [100, 150, 150]),
            (["attempts": 2], [0]),
        ] as [(JSONValue, [Int64])])
    func retries(policy: JSONValue, delays: [Int64]) throws {
        var table = try Table(["START": "a", "a": ["call": "work", "retry": policy]])
        try table.start()
        for delay in delays {
            let types = try table.fail("a")
            if delay == 0 {
                #expect(types == ["step/failed", "step/started"])
                continue
            }
            #expect(types == ["step/failed"])
            #expect(table.run.nextDeadline(after: table.now) == table.now + .milliseconds(delay))
            table.pass(delay - 1)
            #expect(try table.decide(.advance).isEmpty)
            table.pass(1)
            #expect(try table.decide(.advance) == ["step/started"])
        }
        #expect(try table.fail("a") == ["step/failed", "run/statusChanged", "run/failed"])
        #expect(table.run.failure?.step == "a")
        #expect(table.run.failure?.kind == "test.failed")
    }

    @Test("What cannot be retried is not")
    func notRetryable() throws {
        var table = try Table(["START": "a", "a": ["call": "work", "retry": ["attempts": 5]]])
        try table.start()
        try table.fail("a", Failure(kind: "x", message: "Never.", isRetryable: false))
        #expect(table.run.status == .failed)
    }

    @Test("onError takes the flow elsewhere, and what failed can be read there")
    func onError() throws {
        var table = try Table([
            "START": "a", "a": ["call": "work", "onError": "fix"],
            "fix": ["call": "work", "with": ["why": "${steps.a.error.kind}", "out": "${steps.a.result.stderr}"]],
        ])
        try table.start()
        let failure = Failure(kind: "command.exited", message: "2", details: ["stderr": "oops"])
        #expect(try table.fail("a", failure) == ["step/failed", "step/started"])
        #expect(table.run.active.first?.input == ["why": "command.exited", "out": "oops"])
    }

    @Test("An attempt that takes too long fails and may be repeated")
    func timeout() throws {
        var table = try Table(["START": "a", "a": ["call": "work", "timeoutMs": 50, "retry": ["attempts": 2]]])
        try table.start()
        table.pass(49)
        #expect(try table.decide(.advance).isEmpty)
        table.pass(1)
        #expect(try table.decide(.advance) == ["step/failed", "step/started"])
        #expect(table.run.effects(underWay: [("a", 1)]).count == 2)
        table.pass(50)
        try table.decide(.advance)
        #expect(table.run.failure?.kind == "step.timedOut")
    }

    @Test(
        "An interrupted attempt is repeated, asked about or failed, as the step says",
        arguments: [
            ("retry", ["step/failed", "step/started"]),
            ("ask", ["execution/approvalRequested", "run/statusChanged"]),
            ("fail", ["step/failed", "run/statusChanged", "run/failed"]),
        ])
    func interruption(policy: String, types: [String]) throws {
        var table = try Table(["START": "a", "a": ["call": "work", "onInterrupted": .string(policy)]])
        try table.start()
        #expect(try table.decide(.takeOver) == types)
    }

    @Test("A step that asks when it was interrupted runs again only when a person approves")
    func interruptedAsk() throws {
        for (decision, isRunning) in [(ApprovalDecision.approved, true), (.rejected, false)] {
            var table = try Table(["START": "a", "a": ["call": "work", "onInterrupted": "ask"]])
            try table.start()
            try table.decide(.takeOver)
            let question = try #require(table.run.interactions.first)
            #expect(question.reason == "interrupted")
            let answer = ApprovalAnswer(decision: decision, approver: "p", message: nil, client: nil)
            try table.decide(.respondApproval(.id(question.id), answer))
            #expect(table.run.status == (isRunning ? .inProgress : .failed))
            if isRunning { #expect(table.run.active.first?.attempt == 2) }
        }
    }

    @Test("An output that does not fit the step's schema fails it")
    func outputSchema() throws {
        var table = try Table(["START": "a", "a": ["call": "work", "output": ["type": "object"]]])
        try table.start()
        try table.succeed("a", 3)
        #expect(table.run.failure?.kind == "output.invalid")
    }

    @Test("No condition that holds and no default is flow.noRoute")
    func noRoute() throws {
        var table = try Table(["START": "a", "a": ["call": "work", "next": [["when": "result == 1", "to": "END"]]]])
        try table.start()
        try table.succeed("a", 2)
        #expect(table.run.failure?.kind == "flow.noRoute")
    }

    @Test("A fail step fails the run with its kind and message")
    func failStep() throws {
        var table = try Table(["START": "a", "a": ["fail": ["kind": "my.kind", "message": "Run ${run.id}"]]])
        try table.start()
        #expect(table.run.failure == Failure(kind: "my.kind", message: "Run r", isRetryable: false).at("a"))
    }

    @Test(
        "Where the first interruption takes the others with it, nothing more becomes of them", arguments: [true, false])
    func interruptedTogether(isCaught: Bool) throws {
        let body: JSONValue = ["call": "work", "onInterrupted": "fail"]
        var step: JSONObject = ["parallel": ["a": body, "b": body]]
        if isCaught { step["onError"] = "after" }
        var table = try Table(["START": "p", "p": .object(step), "after": call])
        try table.start()
        let end = isCaught ? ["step/started"] : ["run/statusChanged", "run/failed"]
        #expect(try table.decide(.takeOver) == ["step/failed", "step/failed"] + end)
    }

    @Test(
        "A step that is worked out within the run is not tried again for a result that does not fit",
        arguments: [
            ["set": ["n": 1]], ["forEach": ["in": [], "do": call]], ["parallel": ["a": ["set": ["n": 1]]]],
        ] as [JSONObject])
    func pointlessRetry(step: JSONObject) throws {
        var step = step
        step["output"] = false
        step["retry"] = ["attempts": 1_000_000_000]
        var table = try Table(["START": "a", "a": .object(step)])
        try table.start()
        #expect(table.run.failure?.kind == "output.invalid")
        #expect(table.run.seq < 20)
    }

    @Test("A wait takes no signal again and again that it can do nothing with")
    func pointlessSignal() throws {
        let retry: JSONValue = ["attempts": 1_000_000_000]
        let step: JSONValue = ["wait": ["signal": "go"], "output": false, "retry": retry]
        var table = try Table(["START": "a", "a": step])
        try table.start()
        try table.decide(.signal(Signal(name: "go", payload: nil, idempotencyKey: nil)))
        #expect(table.run.failure?.kind == "output.invalid")
    }

    @Test("A handler that calls its failure an interruption has no more attempts than others")
    func saidInterruption() throws {
        var table = try Table(["START": "a", "a": ["call": "work", "retry": ["attempts": 3]]])
        try table.start()
        for _ in 0..<3 { try table.fail("a", Failure(kind: Failure.interruptedKind, message: "So it says.")) }
        #expect(table.run.status == .failed)
    }
}

extension Failure {
    fileprivate func at(_ step: String) -> Failure {
        var failure = self
        failure.step = step
        return failure
    }
}
