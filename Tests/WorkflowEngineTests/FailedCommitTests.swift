import JSON
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("A failed commit did not happen")
struct FailedCommitTests {
    private func isUnavailable(_ error: EngineError?) -> Bool {
        if case .store(.unavailable)? = error { true } else { false }
    }

    @Test(
        "A run whose creation could not be written is not there, and its name is free",
        arguments: [WatchedJournal.Operation.begin, .insert, .append, .commit])
    func creation(operation: WatchedJournal.Operation) throws {
        let bench = World().engine()
        _ = bench.history.take()
        bench.journal.broken = [operation]
        let first = request(one)
        let reply = bench.post { engine throws(EngineError) in try engine.create(first) }
        bench.turn()
        // Where the commit is what fails, the answer was made before; the turn's end tells that it must not leave.
        if operation != .commit { #expect(isUnavailable(refusal { _ = try reply.get() })) }
        #expect(isUnavailable(bench.observer.errors.last))
        #expect(bench.history.take().last == "forgotten")
        #expect(bench.bodies.started.isEmpty)
        #expect(bench.engine.runsInMemory == 0)

        bench.journal.broken = []
        #expect(try bench.journal.run(id: "r") == nil)
        try bench.start(one)
        #expect(bench.bodies.started == ["r/a#1"])
        #expect(try bench.types() == ["run/created", "run/statusChanged", "step/started"])
    }

    @Test(
        "The report of an attempt is held and applied once; the next body starts once",
        arguments: [WatchedJournal.Operation.begin, .append, .commit])
    func heldReport(operation: WatchedJournal.Operation) throws {
        let world = World()
        let bench = world.engine()
        try bench.start(two)
        bench.journal.broken = [operation]
        bench.succeed("r/a", 7)
        #expect(isUnavailable(bench.observer.errors.last))
        for _ in 1...5 { world.pass(100) }
        #expect(bench.bodies.started == ["r/a#1"])

        bench.journal.broken = []
        world.pass(200)
        #expect(bench.bodies.started == ["r/a#1", "r/b#1"])
        bench.succeed("r/b", 8)
        world.pass(1000)
        #expect(
            try bench.types() == [
                "run/created", "run/statusChanged", "step/started", "step/completed", "step/started", "step/completed",
                "run/statusChanged", "run/completed",
            ])
        #expect(try bench.run().root.results["a"]?["result"] == 7)
    }

    @Test(
        "What somebody asked of a run in memory is undone there, and can be asked again",
        arguments: [WatchedJournal.Operation.append, .commit])
    func undone(operation: WatchedJournal.Operation) throws {
        let bench = World().engine()
        try bench.start(one)
        bench.journal.broken = [operation]
        _ = bench.post { engine throws(EngineError) in try engine.perform(.cancel(reason: nil), on: "r").run.seq }
        bench.turn()
        bench.journal.broken = []
        #expect(try bench.run().status == .inProgress)
        #expect(bench.bodies.reporter("r/a") != nil)
        try bench.perform(.pause)
        #expect(try bench.run().isPaused)
        bench.succeed()
        #expect(
            try bench.types() == [
                "run/created", "run/statusChanged", "step/started", "run/statusChanged", "step/completed",
                "run/statusChanged", "run/completed",
            ])
    }

    @Test("Of several things in one turn none happened when its commit failed")
    func together() throws {
        let bench = World().engine()
        try bench.start(gate)
        try bench.start(one, id: "s")
        bench.journal.broken = [.commit]
        let question = try bench.question()
        _ = bench.post { engine throws(EngineError) in try engine.perform(approval(question), on: "r").run.seq }
        _ = bench.post { engine throws(EngineError) in try engine.perform(.pause, on: "s").run.seq }
        bench.turn()
        bench.journal.broken = []
        #expect(try bench.run("r").status == .awaiting)
        #expect(try bench.run("s").isPaused == false)
        #expect(bench.bodies.started == ["s/a#1"])
        #expect(try bench.question() == question)
    }

    @Test("A run that cannot even be read back goes on when the store is back, and its body is not started twice")
    func unreadable() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(two)
        bench.journal.broken = [.commit, .read]
        _ = bench.post { engine throws(EngineError) in try engine.perform(.pause, on: "r").run.seq }
        bench.turn()
        bench.journal.broken = []
        try bench.perform(.log(LogEntry(level: .info, message: "Still there?")))
        #expect(bench.bodies.started == ["r/a#1"])
        #expect(try bench.run().isPaused == false)
        bench.fail()
        world.pass(200)
        #expect(try bench.row().status == .failed)
    }

    @Test("Reports are applied in the order they were made, also when the first of them was held")
    func reportsInOrder() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(one)
        bench.journal.broken = [.commit]
        let reporter = try #require(bench.bodies.reporter("r/a"))
        reporter.report(.log(level: .info, message: "nearly"))
        bench.turn()
        bench.journal.broken = []
        bench.succeed()
        world.pass(200)
        #expect(
            try bench.types().dropFirst(3) == ["execution/log", "step/completed", "run/statusChanged", "run/completed"])
    }

    @Test("While the store is away the engine sleeps between its attempts to reach it, however much is due")
    func noSpinning() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(step(["timeoutMs": 100]))
        try bench.start(["START": "w", "w": ["wait": ["durationMs": 100]]], id: "w")
        bench.journal.broken = [.commit]
        world.pass(100)
        #expect(bench.engine.timeout() == .milliseconds(200))
        world.pass(200)
        #expect(bench.engine.timeout() == .milliseconds(200))
        bench.journal.broken = []
        world.pass(200)
        bench.turn()
        #expect(try bench.row("r").status == .failed)
        #expect(try bench.row("w").status == .completed)
        world.pass(1000)
        #expect(bench.engine.timeout() == nil)
    }

    @Test("A silent attempt still fails when the commit of its failure failed once")
    func silence() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(step(["heartbeatTimeoutMs": 100]))
        bench.journal.broken = [.commit]
        world.pass(100)
        bench.journal.broken = []
        world.pass(200)
        #expect(try bench.run().failure?.kind == "step.timedOut")
    }

    @Test("Recovery that could not be committed is tried again")
    func recovery() throws {
        let world = World()
        let dead = world.engine("A")
        try dead.start(one)
        world.kill(dead)
        let bench = world.engine("B", beginsEffects: false)
        bench.journal.broken = [.commit]
        bench.beginEffects()
        #expect(bench.bodies.started.isEmpty)
        bench.journal.broken = []
        world.pass(200)
        #expect(bench.bodies.started == ["r/a#2"])
    }

    @Test("A run that another engine moved is gone on with, also when the first commit of that fails")
    func moved() throws {
        let world = World()
        let bench = world.engine("A")
        let other = world.engine("B", handlers: [])
        try bench.start(gate)
        try other.perform(approval(try other.question()))
        bench.journal.broken = [.commit]
        bench.engine.mailbox.post(.storeChanged)
        bench.turn()
        #expect(bench.bodies.started.isEmpty)
        bench.journal.broken = []
        world.pass(200)
        #expect(bench.bodies.started == ["r/a#1"])
    }

    @Test("A commit that happened and was reported as failed is gone on with: its bodies run once")
    func uncertain() throws {
        let world = World()
        let bench = world.engine()
        bench.journal.broken = [.commitReport]
        try bench.start(two)
        #expect(isUnavailable(bench.observer.errors.last))
        #expect(bench.bodies.started.isEmpty)
        bench.journal.broken = []
        world.pass(200)
        #expect(bench.bodies.started == ["r/a#1"])
        bench.journal.broken = [.commitReport]
        bench.succeed("r/a")
        bench.journal.broken = []
        world.pass(200)
        #expect(bench.bodies.started == ["r/a#1", "r/b#1"])
    }

    @Test("A store that stays away for long is asked for each run once, not ever more often")
    func longAway() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(two)
        bench.journal.broken = [.commit]
        bench.succeed("r/a")
        for _ in 1...30 { world.pass(200) }
        bench.journal.broken = []
        world.pass(200)
        #expect(bench.bodies.started == ["r/a#1", "r/b#1"])
        #expect(try bench.types().count(where: { $0 == "step/completed" }) == 1)
    }

    @Test("A store that failed is asked again soon, also when the clock is set back meanwhile")
    func clockSetBack() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(two)
        bench.journal.broken = [.commit]
        bench.succeed("r/a")
        bench.journal.broken = []
        world.pass(-60_000)
        #expect(bench.bodies.started == ["r/a#1", "r/b#1"])
    }
}
