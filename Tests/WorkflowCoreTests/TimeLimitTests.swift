import JSON
import Testing
import WorkflowCore
import WorkflowModel

@Suite("The time limit of a step that waits")
struct TimeLimitTests {
    private static let waits: [JSONValue] = [
        ["wait": ["signal": "go"], "timeoutMs": 100], ["approval": ["message": "?"], "timeoutMs": 100],
        ["input": ["prompt": "?"], "timeoutMs": 100],
        ["approval": ["message": "?", "expiresAfterMs": 200], "timeoutMs": 100],
        ["wait": ["durationMs": 200], "timeoutMs": 100],
    ]

    @Test("The attempt fails when it has waited too long", arguments: waits)
    func timesOut(step: JSONValue) throws {
        var table = try Table(["START": "a", "a": step])
        try table.start()
        #expect(table.run.nextDeadline(after: table.now) == table.now + .milliseconds(100))
        table.pass(99)
        #expect(try table.decide(.advance).isEmpty)
        table.pass(1)
        try table.decide(.advance)
        #expect(table.run.failure?.kind == "step.timedOut")
        #expect(table.run.interactions.isEmpty)
    }

    @Test("What ends by itself at the same moment has ended")
    func tie() throws {
        var table = try Table(["START": "a", "a": ["wait": ["durationMs": 100], "timeoutMs": 100]])
        try table.start()
        table.pass(100)
        try table.decide(.advance)
        #expect(table.run.output == ["fired": "duration"])
    }

    @Test("The next attempt asks anew, and the old question is gone")
    func asksAgain() throws {
        let step: JSONValue = ["approval": ["message": "?"], "timeoutMs": 100, "retry": ["attempts": 2]]
        var table = try Table(["START": "a", "a": step])
        try table.start()
        let first = try #require(table.run.interactions.first)
        table.pass(100)
        try table.decide(.advance)
        #expect(table.run.interactions.count == 1)
        let second = try #require(table.run.interactions.first)
        #expect(second.id != first.id)
        #expect(table.run.active.first?.attempt == 2)
        let answer = ApprovalAnswer(decision: .approved, approver: "me", message: nil, client: nil)
        try table.decide(.respondApproval(.id(second.id), answer))
        #expect(table.run.status == .completed)
        #expect(try table.replayed().output == table.run.output)
    }

    @Test("A person who is asked whether an interrupted step may run again has all the time there is")
    func interrupted() throws {
        let step: JSONValue = ["call": "work", "timeoutMs": 100, "onInterrupted": "ask"]
        var table = try Table(["START": "a", "a": step])
        try table.start()
        try table.decide(.attemptInterrupted(path: "a", number: 1))
        table.pass(1000)
        try table.decide(.advance)
        #expect(table.run.interactions.count == 1)
    }

    @Test(
        "A run that is paused for an hour keeps its active clock, and not its wall clock",
        arguments: ["active", "wall"])
    func pausedForAnHour(clock: String) throws {
        let limit: JSONValue = ["timeout": ["ms": 1000, "clock": .string(clock)]]
        var table = try Table(["START": "a", "a": call], options: limit)
        try table.start()
        table.pass(400)
        try table.decide(.pause)
        table.pass(3_600_000)
        try table.decide(.resume)
        guard clock == "active" else { return #expect(table.run.failure?.kind == "run.timedOut") }
        #expect(table.run.nextDeadline(after: table.now) == table.now + .milliseconds(600))
        table.pass(599)
        #expect(try table.decide(.advance).isEmpty)
        table.pass(1)
        try table.decide(.advance)
        #expect(table.run.failure?.kind == "run.timedOut")
    }
}
