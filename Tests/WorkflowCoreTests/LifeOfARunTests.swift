import JSON
import Testing
import WorkflowCore
import WorkflowModel

@Suite("The life of a run")
struct LifeOfARunTests {
    private let three: JSONValue = [
        "START": "a", "a": ["call": "work", "next": "b"], "b": ["call": "work", "next": "c"], "c": ["call": "work"],
    ]

    @Test("Three steps are four appends: a step's end and the next one's start are one decision")
    func threeSteps() throws {
        var table = try Table(three)
        #expect(try table.start() == ["run/statusChanged", "step/started"])
        #expect(try table.succeed("a") == ["step/completed", "step/started"])
        #expect(try table.succeed("b") == ["step/completed", "step/started"])
        #expect(try table.succeed("c", 7) == ["step/completed", "run/statusChanged", "run/completed"])
        #expect(table.run.status == .completed)
        #expect(table.run.output == 7)
        #expect(table.run.seq == 10)
    }

    @Test("Replaying the journal gives the same run")
    func replay() throws {
        var table = try Table(three)
        try table.start()
        try table.succeed("a", ["x": 1.50])
        let replayed = try table.replayed()
        #expect(replayed.seq == table.run.seq)
        #expect(replayed.status == table.run.status)
        #expect(replayed.root.results == table.run.root.results)
        #expect(replayed.active.map(\.path) == ["b"])
        #expect(replayed.progress == table.run.progress)
    }

    @Test(
        "What the table of transitions does not allow is refused, with what it does",
        arguments: [
            ("pending", Command.pause, ["run/start", "run/cancel", "run/delete"]),
            ("pending", .resume, ["run/start", "run/cancel", "run/delete"]),
            ("running", .start(executionID: "x"), ["run/pause", "run/cancel"]),
            ("running", .resume, ["run/pause", "run/cancel"]),
            ("paused", .pause, ["run/resume", "run/cancel"]),
            ("completed", .cancel(reason: nil), ["run/delete"]),
            ("completed", .pause, ["run/delete"]),
            ("completed", .start(executionID: "x"), ["run/delete"]),
        ])
    func transitions(state: String, command: Command, allowed: [String]) throws {
        var table = try Table(["START": "a", "a": call])
        if state != "pending" { try table.start() }
        if state == "paused" { try table.decide(.pause) }
        if state == "completed" { try table.succeed("a") }
        let seq = table.run.seq
        guard case .invalidTransition(_, _, let found) = refusal({ try table.decide(command) }) else {
            Issue.record("It was not refused.")
            return
        }
        #expect(found == allowed)
        #expect(table.run.seq == seq)
    }

    @Test("A paused run starts nothing, records what ends, and goes on when it is resumed")
    func pause() throws {
        var table = try Table(three)
        try table.start()
        #expect(try table.decide(.pause) == ["run/statusChanged"])
        #expect(try table.succeed("a") == ["step/completed"])
        #expect(table.run.effects(underWay: []).isEmpty)
        #expect(try table.decide(.resume) == ["run/statusChanged", "step/started"])
        #expect(table.run.effects(underWay: []) == [.startAttempt(path: "b", number: 1)])
    }

    @Test("A result that comes after the cancel is logged, not applied")
    func lateResult() throws {
        var table = try Table(three)
        try table.start()
        #expect(try table.decide(.cancel(reason: "enough")) == ["run/statusChanged", "run/cancelled"])
        #expect(table.run.effects(underWay: [("a", 1)]) == [.stopAttempt(path: "a", number: 1)])
        #expect(try table.succeed("a") == ["execution/log"])
        #expect(table.run.status == .cancelled)
    }

    @Test("What nobody here may start is entered and waits")
    func notPerformable() throws {
        var table = try Table(three)
        table.mayStart = false
        #expect(try table.start() == ["run/statusChanged"])
        #expect(table.run.active.map(\.phase) == [.entered])
        table.mayStart = true
        #expect(try table.decide(.advance) == ["step/started"])
    }

    @Test("A flow without END in reach of its steps may not run for ever")
    func stepLimit() throws {
        var table = try Table([
            "START": "a", "a": ["set": ["n": 1], "next": [["when": "state.n == 2", "to": "END"], ["to": "a"]]],
        ])
        try table.start()
        #expect(table.run.status == .failed)
        #expect(table.run.failure?.kind == "limit.exceeded")
    }
}
