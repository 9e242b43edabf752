import JSON
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("What people and programs ask of runs")
struct CommandsToRunsTests {
    @Test("A paused run lets its body end, and starts the next one when it is resumed")
    func pause() throws {
        let bench = World().engine()
        try bench.start(two)
        _ = bench.history.take()
        try bench.perform(.pause)
        bench.succeed("r/a")
        #expect(!bench.history.take().contains { $0.hasPrefix("start") || $0.hasPrefix("stop") })
        #expect(bench.engine.runsInMemory == 0)
        #expect(try bench.row().isPaused)
        try bench.perform(.resume)
        #expect(bench.history.take().last == "start b#1")
    }

    @Test("A retry that falls due while the run is paused starts when it is resumed")
    func pausedRetry() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(step(["retry": ["attempts": 2, "delayMs": 100]]))
        bench.fail()
        try bench.perform(.pause)
        world.pass(1000)
        #expect(bench.bodies.started == ["r/a#1"])
        #expect(bench.engine.timeout() == nil)
        try bench.perform(.resume)
        #expect(bench.bodies.started == ["r/a#1", "r/a#2"])
    }

    @Test("A cancel stops the body; what it still says is logged, not applied")
    func cancel() throws {
        let bench = World().engine()
        try bench.start(two)
        let reporter = try #require(bench.bodies.reporter("r/a"))
        try bench.perform(.cancel(reason: "enough"))
        #expect(bench.history.take().last == "stop a#1")
        reporter.report(.text("too late"))
        reporter.report(.succeeded(1))
        bench.turn()
        #expect(bench.observer.said.isEmpty)
        #expect(try bench.row().status == .cancelled)
        #expect(try bench.types().last == "execution/log")
        #expect(bench.bodies.started == ["r/a#1"])
    }

    @Test("A cancel withdraws the open questions of the run")
    func withdrawn() throws {
        let bench = World().engine()
        try bench.start(gate)
        let question = try bench.question()
        try bench.perform(.cancel(reason: nil))
        #expect(try bench.journal.interactions(namespace: nil, run: nil).isEmpty)
        guard
            case .interactionResolved? = refusal({
                try bench.ask { engine throws(EngineError) in
                    try engine.question(interactionID: question, executionID: nil, kind: .approval)
                }
            })
        else {
            Issue.record("It was not told that the question is settled.")
            return
        }
    }

    @Test("A question is found by its id, or as the only one of its kind in an execution")
    func question() throws {
        let bench = World().engine()
        let created = try bench.start(gate)
        let id = try bench.question()
        let execution = created.executionID
        for (question, execution) in [(id, nil), (nil, execution)] as [(String?, String?)] {
            let found = try bench.ask { engine throws(EngineError) in
                try engine.question(interactionID: question, executionID: execution, kind: .approval)
            }
            #expect(found.runID == "r")
            #expect(found.interactionID == id)
        }
        guard
            case .interactionNotFound? = refusal({
                try bench.ask { engine throws(EngineError) in
                    try engine.question(interactionID: nil, executionID: execution, kind: .input)
                }
            })
        else {
            Issue.record("An approval was taken for an input.")
            return
        }
    }

    @Test("What expects another seq than the run's is refused and changes nothing")
    func expectedSeq() throws {
        let bench = World().engine()
        let seq = try bench.start(one).seq
        guard
            case .seqConflict(expected: 1, actual: seq)? = refusal({
                try bench.perform(.pause, expectedSeq: 1)
            })
        else {
            Issue.record("The stale seq was not noticed.")
            return
        }
        #expect(try bench.run().seq == seq)
        #expect(try bench.perform(.pause, expectedSeq: seq).isPaused)
    }

    @Test("Requests of one turn take effect in their order")
    func oneTurn() throws {
        let bench = World().engine()
        try bench.start(one)
        let commands: [Command] = [.pause, .resume, .cancel(reason: nil), .pause]
        let replies = commands.map { command in
            bench.post { engine throws(EngineError) in try engine.perform(command, on: "r").run.status }
        }
        bench.turn()
        #expect(try replies.prefix(3).map { try $0.get() } == [.inProgress, .inProgress, .cancelled])
        guard
            case .refused(
                .invalidTransition(status: .cancelled, isPaused: false, allowed: ["run/retry", "run/delete"]))? =
                refusal({
                    _ = try replies[3].get()
                })
        else {
            Issue.record("A cancelled run was paused.")
            return
        }
    }

    @Test("A run that is over, or was never started, is deleted; one under way is not")
    func delete() throws {
        let bench = World().engine()
        try bench.start(one)
        guard case .refused(.invalidTransition)? = refusal({ try delete("r", bench) }) else {
            Issue.record("A run under way was deleted.")
            return
        }
        bench.succeed()
        try delete("r", bench)
        #expect(try bench.journal.run(id: "r") == nil)
        guard case .runNotFound("r")? = refusal({ _ = try bench.run() }) else {
            Issue.record("The run is still there.")
            return
        }
    }

    @Test("A run that is cancelled and deleted in one turn leaves no body behind")
    func cancelAndDelete() throws {
        let bench = World().engine()
        try bench.start(one)
        _ = bench.post { engine throws(EngineError) in try engine.perform(.cancel(reason: nil), on: "r").run.seq }
        try delete("r", bench)
        #expect(bench.bodies.reporter("r/a") == nil)
        #expect(bench.engine.runsInMemory == 0)
        guard case .runNotFound("r")? = refusal({ _ = try bench.run() }) else {
            Issue.record("The run is still there.")
            return
        }
    }

    @Test("A deletion whose commit fails leaves the run and its body as they were")
    func failedDelete() throws {
        let bench = World().engine()
        try bench.start(one)
        bench.journal.broken = [.commit]
        _ = bench.post { engine throws(EngineError) in try engine.perform(.cancel(reason: nil), on: "r").run.seq }
        try delete("r", bench)
        bench.journal.broken = []
        #expect(try bench.run().status == .inProgress)
        bench.succeed()
        #expect(try bench.row().status == .completed)
        #expect(bench.bodies.started == ["r/a#1"])
    }

    private func delete(_ id: String, _ bench: Bench) throws {
        try bench.ask { engine throws(EngineError) in try engine.delete(id, expectedSeq: nil) }
    }

    @Test("An engine that is told to be quiet stops its bodies and starts none, whatever happens in that turn or later")
    func quiesce() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(step(["timeoutMs": 100, "retry": ["attempts": 3]]))
        _ = bench.post { engine throws(EngineError) in try engine.perform(.pause, on: "r").run.seq }
        _ = bench.post { engine throws(EngineError) in try engine.perform(.resume, on: "r").run.seq }
        try bench.ask { $0.quiesce() }
        #expect(bench.bodies.reporter("r/a") == nil)
        world.pass(1000)
        #expect(bench.bodies.started == ["r/a#1"])
        #expect(try bench.row().status == .inProgress)
    }
}
