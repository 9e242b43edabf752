import JSON
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("Several engines on one store")
struct ForeignAppendTests {
    private func notice(_ bench: Bench) {
        bench.engine.mailbox.post(.storeChanged)
        bench.turn()
    }

    @Test("A run that is paused elsewhere starts nothing more here until it is resumed there")
    func pause() throws {
        let world = World()
        let (bench, other) = (world.engine("A"), world.engine("B"))
        try bench.start(two)
        try other.perform(.pause)
        #expect(try other.row().owner == "A")
        notice(bench)
        #expect(bench.bodies.reporter("r/a") != nil)
        bench.succeed("r/a")
        #expect(bench.bodies.started == ["r/a#1"])
        try other.perform(.resume)
        notice(bench)
        #expect(bench.bodies.started + other.bodies.started == ["r/a#1", "r/b#1"])
    }

    @Test("A pause that was not yet noticed is known to the next decision all the same")
    func unnoticedPause() throws {
        let world = World()
        let (bench, other) = (world.engine("A"), world.engine("B"))
        try bench.start(two)
        try other.perform(.pause)
        bench.succeed("r/a")
        #expect(bench.bodies.started == ["r/a#1"])
        #expect(try bench.run().isPaused)
        #expect(
            try bench.types().suffix(3) == ["step/started", "run/statusChanged", "step/completed"])
    }

    @Test("A run that is cancelled elsewhere has its body stopped here, once it is noticed")
    func cancel() throws {
        let world = World()
        let (bench, other) = (world.engine("A"), world.engine("B"))
        try bench.start(one)
        try other.perform(.cancel(reason: nil))
        #expect(bench.bodies.reporter("r/a") != nil)
        _ = bench.history.take()
        notice(bench)
        #expect(bench.history.take().contains("moved r"))
        #expect(bench.bodies.reporter("r/a") == nil)
        #expect(bench.engine.runsInMemory == 0)
        #expect(try bench.row().owner == nil)
    }

    @Test("A run that is approved where nobody can perform it goes on here")
    func approve() throws {
        let world = World()
        let (bench, other) = (world.engine("A"), world.engine("B", handlers: []))
        try bench.start(gate)
        try other.perform(approval(try other.question()))
        #expect(other.bodies.started.isEmpty)
        #expect(try other.row().status == .inProgress)
        notice(bench)
        #expect(bench.bodies.started == ["r/a#1"])
        #expect(try bench.row().owner == "A")
        bench.succeed()
        #expect(try other.run().status == .completed)
    }

    @Test("A run that is approved where it can be performed goes on there, and not here too")
    func approveAndPerform() throws {
        let world = World()
        let (bench, other) = (world.engine("A"), world.engine("B"))
        try bench.start(gate)
        try other.perform(approval(try other.question()))
        notice(bench)
        #expect(bench.bodies.started.isEmpty)
        #expect(other.bodies.started == ["r/a#1"])
        #expect(try bench.row().owner == "B")
    }

    @Test("Of two engines that are told to start one run, one does")
    func startTwice() throws {
        let world = World()
        let (bench, other) = (world.engine("A"), world.engine("B"))
        var request = request(one)
        request.starts = false
        try bench.ask { [request] engine throws(EngineError) in try engine.create(request) }
        try other.perform(.start(executionID: "e"))
        guard case .refused(.invalidTransition)? = refusal({ try bench.perform(.start(executionID: "f")) }) else {
            Issue.record("Both engines started the run.")
            return
        }
        #expect(bench.bodies.started.isEmpty)
        #expect(other.bodies.started == ["r/a#1"])
    }

    @Test("A wait that two engines know of ends once")
    func sharedDeadline() throws {
        let world = World()
        let (bench, other) = (world.engine("A"), world.engine("B"))
        try bench.start(["START": "w", "w": ["wait": ["durationMs": 100], "next": "a"], "a": ["call": "work"]])
        notice(other)
        world.pass(100)
        #expect(bench.bodies.started + other.bodies.started == ["r/a#1"])
        #expect(try bench.types().filter { $0 == "step/completed" }.count == 1)
    }

    @Test("Of many runs that moved elsewhere each goes on here")
    func many() throws {
        let world = World()
        let (bench, other) = (world.engine("A"), world.engine("B", handlers: []))
        for number in 1...20 { try bench.start(gate, id: "r\(number)") }
        notice(other)
        for row in try bench.journal.interactions(namespace: nil, run: nil) {
            let run = try #require(try bench.journal.run(key: row.run))
            try other.perform(approval(row.id), on: run.id)
        }
        notice(bench)
        #expect(bench.bodies.started.count == 20)
    }

    @Test("A run that waits here is told to an observer when it moves elsewhere, and an own append is not")
    func told() throws {
        let world = World()
        let (bench, other) = (world.engine("A"), world.engine("B", handlers: []))
        try bench.start(gate)
        notice(bench)
        #expect(!bench.history.take().contains("moved r"))
        try other.perform(.pause)
        notice(bench)
        #expect(bench.history.take().contains("moved r"))
    }

    @Test("A retry that is due where nobody can perform it is left to who can, and is not looked at without end")
    func retryElsewhere() throws {
        let world = World()
        let stranger = world.engine("B", handlers: ["other"])
        let bench = world.engine("A")
        try bench.start(step(["retry": ["attempts": 2, "delayMs": 100]]))
        bench.fail()
        notice(stranger)
        world.pass(100)
        #expect(bench.bodies.started == ["r/a#1", "r/a#2"])
        #expect(stranger.bodies.started.isEmpty)
        #expect(stranger.engine.timeout() == nil)
    }

    @Test("A retry that waits for somebody else keeps no other deadline of the run from passing here")
    func timeoutBesideRetry() throws {
        let world = World()
        let stranger = world.engine("B", handlers: ["other"])
        let bench = world.engine("A")
        let flow = step(["retry": ["attempts": 2, "delayMs": 100]])
        try bench.start(flow, options: ["timeout": ["ms": 500]])
        bench.fail()
        notice(stranger)
        world.kill(bench)
        world.pass(100)
        #expect(try stranger.row().status == .inProgress)
        world.pass(400)
        #expect(try stranger.row().status == .failed)
    }

    @Test("A run that was ended and deleted elsewhere is not written to any more, and its body is stopped")
    func deletedElsewhere() throws {
        let world = World()
        let (frozen, other) = (world.engine("A"), world.engine("B"))
        try frozen.start(one)
        try other.perform(.cancel(reason: nil))
        _ = try other.ask { engine throws(EngineError) in try engine.delete("r", expectedSeq: nil) }
        frozen.bodies.reporter("r/a")?.report(.log(level: .info, message: "still here"))
        for _ in 1...3 {
            frozen.turn()
            world.pass(200)
        }
        #expect(frozen.bodies.reporter("r/a") == nil)
        #expect(frozen.engine.runsInMemory == 0)
        world.pass(1000)
        #expect(frozen.engine.timeout() == nil)
        #expect(try frozen.journal.run(id: "r") == nil)
    }

    @Test("A run that cannot be read keeps nobody from hearing of the others")
    func unreadable() throws {
        let world = World()
        let (bench, other) = (world.engine("A"), world.engine("B"))
        try bench.start(one, id: "bad")
        try bench.start(one, id: "good")
        try damage("bad", in: world)
        try other.perform(.cancel(reason: nil), on: "good")
        notice(bench)
        #expect(bench.bodies.reporter("good/a") == nil)
    }

    @Test("What could not be read when others appended is looked at once it can")
    func readLater() throws {
        let world = World()
        let (bench, other) = (world.engine("A"), world.engine("B"))
        try bench.start(one)
        try other.perform(.cancel(reason: nil))
        bench.journal.broken = [.read]
        notice(bench)
        #expect(bench.bodies.reporter("r/a") != nil)
        bench.journal.broken = []
        world.pass(200)
        bench.turn()
        #expect(bench.bodies.reporter("r/a") == nil)
    }
}

/// What follows in the run's journal is no text of events.
func damage(_ id: String, in world: World) throws {
    let vandal = MemoryJournal(world.store)
    let row = try #require(vandal.run(id: id))
    _ = try vandal.begin()
    try vandal.append(run: row.key, firstSeq: 100, at: world.clock.now, events: Array("?".utf8))
    vandal.commit()
}
