import JSON
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("Recovery")
struct RecoveryTests {
    @Test(
        "What the dead engine had under way is run again, asked about or failed, as the step says",
        arguments: [("retry", RunStatus.inProgress), ("ask", .awaiting), ("fail", .failed)])
    func interrupted(policy: String, status: RunStatus) throws {
        let world = World()
        let dead = world.engine("A")
        try dead.start(step(["onInterrupted": .string(policy)]))
        let key = dead.bodies.attempt("r/a")?.idempotencyKey
        let epoch = try dead.row().epoch
        world.kill(dead)

        let bench = world.engine("B", beginsEffects: false)
        #expect(try bench.engine.strandedRuns() == 1)
        #expect(bench.bodies.started.isEmpty)
        bench.beginEffects()
        #expect(try bench.row().status == status)
        #expect(bench.bodies.started == (policy == "retry" ? ["r/a#2"] : []))
        #expect(try bench.row().owner == (policy == "retry" ? "B" : nil))
        switch policy {
        case "retry":
            #expect(bench.bodies.attempt("r/a")?.idempotencyKey == key)
            #expect(try bench.row().epoch > epoch)
        case "ask":
            try bench.perform(approval(try bench.question()))
            #expect(bench.bodies.started == ["r/a#2"])
        default: #expect(try bench.run().failure?.kind == "step.interrupted")
        }
        #expect(try bench.engine.strandedRuns() == 0)
    }

    @Test("An interruption does not use up the attempts of a step")
    func attempts() throws {
        let world = World()
        let dead = world.engine("A")
        try dead.start(step(["retry": ["attempts": 2]]))
        world.kill(dead)
        let bench = world.engine("B")
        bench.fail()
        #expect(bench.bodies.started == ["r/a#2", "r/a#3"])
    }

    @Test("A run whose handler nobody here hosts is left to others, as it is")
    func missingHandler() throws {
        let world = World()
        let dead = world.engine("A")
        try dead.start(one)
        world.kill(dead)
        let stranger = world.engine("B", handlers: ["other"])
        #expect(try stranger.row().owner == "A")
        #expect(try stranger.types() == ["run/created", "run/statusChanged", "step/started"])
        #expect(stranger.engine.runsInMemory == 0)
        let bench = world.engine("C")
        #expect(bench.bodies.started == ["r/a#2"])
    }

    @Test("Many runs are taken on in their order, whoever folds them, and one that cannot be read keeps back no other")
    func many() throws {
        let world = World()
        let dead = world.engine("A")
        let ids = (1...300).map { "r\($0)" }
        for id in ids { try dead.start(two, id: id) }
        for id in ids.prefix(200) { dead.succeed("\(id)/a") }
        try damage("r77", in: world)
        world.kill(dead)
        let bench = world.engine("B")
        let expected = ids.enumerated().map { $0 < 200 ? "\($1)/b#2" : "\($1)/a#2" }
        #expect(bench.bodies.started == expected.filter { $0 != "r77/b#2" })
        for id in ids {
            let row = try #require(try bench.journal.run(id: id))
            #expect(row.owner == (id == "r77" ? "A" : "B"))
        }
    }

    @Test("A living engine's run is left alone")
    func livingOwner() throws {
        let world = World()
        let owner = world.engine("A")
        try owner.start(two)
        let bench = world.engine("B", beginsEffects: false)
        #expect(try bench.engine.strandedRuns() == 0)
        bench.beginEffects()
        try bench.ask { engine throws(EngineError) in try engine.adopt("r") }
        #expect(bench.bodies.started.isEmpty)
        owner.succeed("r/a")
        #expect(owner.bodies.started == ["r/a#1", "r/b#1"])
        #expect(try owner.row().owner == "A")
    }

    @Test("A run of another namespace is left alone")
    func otherNamespace() throws {
        let world = World()
        let dead = world.engine("A")
        try dead.start(one)
        world.kill(dead)
        let bench = world.engine("B", namespace: "other")
        #expect(bench.bodies.started.isEmpty)
        #expect(try bench.row().owner == "A")
    }

    @Test("A step that was entered and not started is started now; one that waits keeps waiting")
    func parked() throws {
        let world = World()
        let dead = world.engine("A", handlers: ["work"], beginsEffects: false)
        try dead.start(one)
        try dead.start(["START": "w", "w": ["wait": ["durationMs": 100]]], id: "w")
        try dead.start(gate, id: "g")
        world.kill(dead)
        let bench = world.engine("B")
        #expect(bench.bodies.started == ["r/a#1"])
        world.pass(99)
        #expect(try bench.row("w").status == .inProgress)
        world.pass(1)
        #expect(try bench.row("w").status == .completed)
        #expect(try bench.row("g").status == .awaiting)
    }

    @Test("What an engine that was taken for dead says of its attempt is logged, and its body is stopped")
    func fenced() throws {
        let world = World()
        let frozen = world.engine("A")
        try frozen.start(one)
        world.living.remove("A")
        let bench = world.engine("B")
        #expect(bench.bodies.started == ["r/a#2"])
        let reporter = try #require(frozen.bodies.reporter("r/a"))
        reporter.report(.succeeded("from the first attempt"))
        frozen.turn()
        #expect(frozen.bodies.reporter("r/a") == nil)
        #expect(try frozen.row().owner == "B")
        #expect(try frozen.row().status == .inProgress)
        bench.engine.mailbox.post(.storeChanged)
        bench.succeed("r/a", "from the second")
        #expect(try bench.run().output == "from the second")
        #expect(
            try bench.types().suffix(4) == ["execution/log", "step/completed", "run/statusChanged", "run/completed"])
    }

    @Test("A run that was cancelled while its engine was dead is nobody's any more")
    func cancelledMeanwhile() throws {
        let world = World()
        let dead = world.engine("A")
        try dead.start(one)
        world.kill(dead)
        let decider = world.engine("B", handlers: [])
        try decider.perform(.cancel(reason: nil))
        #expect(try decider.row().owner == nil)
        #expect(try world.engine("C", beginsEffects: false).engine.strandedRuns() == 0)
    }

    @Test("An engine that performs nothing takes nothing on")
    func decidesOnly() throws {
        let world = World()
        let dead = world.engine("A")
        try dead.start(one)
        world.kill(dead)
        let bench = world.engine("B", beginsEffects: false)
        bench.engine.configuration.performs = false
        bench.beginEffects()
        #expect(bench.bodies.started.isEmpty)
        #expect(try bench.engine.strandedRuns() == 0)
    }

    @Test("A run that is resumed and looked at in one turn has its row brought up to date")
    func adoptedInTheSameTurn() throws {
        let bench = World().engine()
        try bench.start(gate)
        try bench.perform(.pause)
        let resumed = bench.post { engine throws(EngineError) in try engine.perform(.resume, on: "r").seq }
        let adopted = bench.post { engine throws(EngineError) in try engine.adopt("r") }
        bench.turn()
        _ = try (resumed.get(), adopted.get())
        #expect(try !bench.row().isPaused)
    }
}
