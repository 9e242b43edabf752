import JSON
import Testing
import WorkflowCore
import WorkflowModel

@Suite("A fork has the past of another run, and a future of its own")
struct ForkTests {
    static let chain: JSONValue = [
        "START": "a", "a": ["call": "work", "set": ["seen": "${result}"], "next": "b"],
        "b": ["call": "work", "with": ["n": "${input.n}", "seen": "${state.seen}"], "next": "c"], "c": ["call": "work"],
    ]

    /// Its seqs: 1 created, 2 in progress, 3 a started, 4 a completed, 5 b started, 6 b completed, 7 c started.
    private func chainAtC() throws -> Table {
        var table = try Table(Self.chain, input: ["n": 1])
        try table.start()
        try table.succeed("a", "one")
        try table.succeed("b", "two")
        return table
    }

    @Test(
        "It goes on with what the place leaves to do",
        arguments: [
            (1, "a", 1), (2, "a", 1), (3, "a", 2), (4, "b", 1), (5, "b", 2), (6, "c", 1), (7, "c", 2),
        ])
    func place(seq: Int, path: String, attempt: Int) throws {
        var fork = try chainAtC().forked(after: seq)
        #expect(fork.run.status == .pending)
        #expect(fork.run.seq == seq + 1)
        #expect(fork.run.forkedFrom == RunSource(runID: "r", seq: seq))
        try fork.decide(.start(executionID: "own"))
        #expect(fork.run.active.map(\.path) == [path])
        #expect(fork.run.active.map(\.attempt) == [attempt])
        #expect(fork.run.executionID == "own")
    }

    @Test("A step is named by its path, and begins anew with what is other")
    func changes() throws {
        let table = try chainAtC()
        let seq = try #require(Run.seq(beforeStepAt: "b", in: table.all))
        #expect(seq == 4)
        #expect(Run.seq(beforeStepAt: "d", in: table.all) == nil)
        var fork = try table.forked(after: seq, input: ["n": 7], state: ["seen": "other", "more": true])
        #expect(fork.run.state == ["seen": "other", "more": true])
        try fork.decide(.start(executionID: "own"))
        #expect(fork.run.active.first?.input == ["n": 7, "seen": "other"])
    }

    @Test("A step under way begins anew, its input too")
    func underWay() throws {
        var fork = try chainAtC().forked(after: 5, input: ["n": 2])
        try fork.decide(.start(executionID: "own"))
        let active = try #require(fork.run.active.first)
        #expect(active.attempt == 2)
        #expect(active.input == ["n": 2, "seen": "one"])
        #expect(fork.run.idempotencyKey(of: active) == "fork:b")
    }

    @Test("A question is asked again, with an id of its own")
    func question() throws {
        var table = try Table(["START": "gate", "gate": ["approval": ["message": "Go?"]]])
        try table.start()
        let asked = try #require(table.run.interactions.first?.id)
        var fork = try table.forked(after: table.run.seq)
        #expect(fork.run.interactions.isEmpty)
        try fork.decide(.start(executionID: "own"))
        #expect(fork.run.status == .awaiting)
        #expect(fork.run.interactions.count == 1)
        #expect(fork.run.interactions.first?.id != asked)
        let answer = ApprovalAnswer(decision: .approved, approver: "ann", message: nil, client: nil)
        #expect(
            refusal { try fork.decide(.respondApproval(.id(asked), answer)) } != nil,
            "The old question is another run's.")
    }

    @Test("A child is not shared: the step starts one of the fork's own")
    func child() throws {
        var table = try Table(["START": "sub", "sub": ["workflow": "other"]])
        try table.start()
        let child = try #require(table.run.children.first)
        var fork = try table.forked(after: table.run.seq)
        #expect(fork.run.children.isEmpty)
        try fork.decide(.start(executionID: "own"))
        #expect(fork.run.children.count == 1)
        #expect(fork.run.children != [child])
    }

    @Test("What is done inside a step stays done")
    func inside() throws {
        var table = try Table([
            "START": "each",
            "each": ["forEach": ["in": ["x", "y", "z"], "do": ["call": "work", "with": "${item}"]]],
        ])
        try table.start()
        try table.succeed("each[1]", "done")
        var fork = try table.forked(after: table.run.seq)
        try fork.decide(.start(executionID: "own"))
        #expect(fork.run.active.filter(\.isPerformed).map(\.path) == ["each[0]", "each[2]"])
        try fork.succeed("each[0]", "first")
        try fork.succeed("each[2]", "last")
        #expect(fork.run.status == .completed)
        #expect(fork.run.output == ["first", "done", "last"])
    }

    @Test("A run that ended is forked like any other", arguments: ["complete", "fail", "cancel"])
    func ended(way: String) throws {
        var table = try chainAtC()
        switch way {
        case "complete": try table.succeed("c", "three")
        case "fail": try table.fail("c")
        default: try table.decide(.cancel(reason: "enough"))
        }
        #expect(table.run.status.isTerminal)
        var fork = try table.forked(after: table.run.seq)
        #expect(fork.run.status == .pending)
        #expect(fork.run.failure == nil && fork.run.output == nil && fork.run.cancelReason == nil)
        try fork.decide(.start(executionID: "own"))
        if way != "complete" { try fork.succeed("c", "again") }
        #expect(fork.run.status == .completed)
        #expect(fork.run.output == .string(way == "complete" ? "three" : "again"))
    }

    @Test("A fork that is cancelled before it began undoes nothing, and goes on where it stood when it is tried again")
    func cancelled() throws {
        var table = try Table([
            "START": "a", "a": ["call": "work", "compensate": ["call": "undo"], "next": "b"], "b": ["call": "work"],
        ])
        try table.start()
        try table.succeed("a")
        var fork = try table.forked(after: table.run.seq)
        #expect(try fork.decide(.cancel(reason: nil)) == ["run/statusChanged", "run/cancelled"])
        try fork.decide(.retry(executionID: "own"))
        #expect(fork.run.active.map(\.path) == ["b"])
    }

    @Test("A fork of a fork begins its step where the first one began it")
    func twice() throws {
        var first = try chainAtC().forked(after: 4, state: ["seen": "mine"])
        try first.decide(.start(executionID: "own"))
        let seq = try #require(Run.seq(beforeStepAt: "b", in: first.all))
        #expect(seq == 6)
        var second = try first.forked(after: seq)
        try second.decide(.start(executionID: "third"))
        #expect(second.run.active.first?.input == ["n": 1, "seen": "mine"])
    }
}

extension Table {
    /// All events of the run, from the first.
    fileprivate var all: [RunEvent] { past + taken }

    /// A table with the run that begins with this one's first events.
    fileprivate func forked(after seq: Int, input: JSONValue? = nil, state: JSONObject? = nil) throws -> Table {
        let events = Array(all.prefix(seq))
        let replayed = Run.replay(id: "fork", workflow: run.workflow, events: events.map { ($0, run.createdAt) })
        let fact = RunEvent.forked(
            RunForked(source: RunSource(runID: run.id, seq: seq), namespace: "mine", input: input, state: state))
        return Table(Decider(continuing: try #require(replayed), with: fact, at: now), past: events + [fact], now: now)
    }
}
