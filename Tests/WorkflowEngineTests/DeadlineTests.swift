import JSON
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("Deadlines")
struct DeadlineTests {
    /// Expects nothing to happen a millisecond before the moment, and something at it.
    private func expect(
        _ expectation: String, after milliseconds: Int64, in world: World, _ bench: Bench, id: String = "r"
    ) throws {
        #expect(try #require(bench.engine.timeout()) <= .milliseconds(min(milliseconds, 10_000)))
        let before = try bench.types(id)
        world.pass(milliseconds - 1)
        #expect(try bench.types(id) == before)
        world.pass(1)
        #expect(try bench.types(id).dropFirst(before.count).joined(separator: " ") == expectation)
    }

    @Test("An attempt fails at its timeout, and its body is stopped")
    func attemptTimeout() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(step(["timeoutMs": 500]))
        #expect(bench.bodies.attempt("r/a")?.deadline == world.clock.now + .milliseconds(500))
        _ = bench.history.take()
        try expect("step/failed run/statusChanged run/failed", after: 500, in: world, bench)
        #expect(bench.history.take().last == "stop a#1")
        #expect(try bench.run().failure?.kind == "step.timedOut")
    }

    @Test("Each attempt has the whole timeout for itself")
    func attemptTimeouts() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(step(["timeoutMs": 500, "retry": ["attempts": 2]]))
        try expect("step/failed step/started", after: 500, in: world, bench)
        #expect(bench.history.take().suffix(2) == ["stop a#1", "start a#2"])
        try expect("step/failed run/statusChanged run/failed", after: 500, in: world, bench)
    }

    @Test("Between attempts the run leaves memory, and the next one starts when its delay has passed")
    func retryDelays() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(step(["retry": ["attempts": 3, "delayMs": 1000, "backoff": "exponential"]]))
        let key = bench.bodies.attempt("r/a")?.idempotencyKey
        for (attempt, delay) in [(2, 1000), (3, 2000)] as [(Int, Int64)] {
            bench.fail()
            #expect(bench.engine.runsInMemory == 0)
            #expect(try bench.row().owner == nil)
            try expect("step/started", after: delay, in: world, bench)
            #expect(bench.bodies.attempt("r/a")?.key.number == attempt)
            #expect(bench.bodies.attempt("r/a")?.idempotencyKey == key)
        }
        bench.succeed()
        #expect(try bench.row().status == .completed)
    }

    @Test("A wait ends exactly then, and costs nothing before")
    func wait() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(["START": "w", "w": ["wait": ["durationMs": 86_400_000]]])
        #expect(bench.engine.runsInMemory == 0)
        #expect(try bench.row().wakeAt == world.clock.now + .milliseconds(86_400_000))
        try expect("step/completed run/statusChanged run/completed", after: 86_400_000, in: world, bench)
        #expect(try bench.run().output == ["fired": "duration"])
    }

    @Test("A question expires exactly then")
    func expiry() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(["START": "gate", "gate": ["approval": ["message": "Go?", "expiresAfterMs": 60_000]]])
        let question = try bench.question()
        try expect(
            "execution/interactionResolved step/completed run/statusChanged run/completed", after: 60_000, in: world,
            bench)
        #expect(try bench.journal.interaction(id: question)?.isOpen == false)
        guard
            case .interactionExpired? = refusal({
                try bench.ask { engine throws(EngineError) in
                    try engine.question(interactionID: question, executionID: nil, kind: .approval)
                }
            })
        else {
            Issue.record("It was not told that the question has expired.")
            return
        }
    }

    @Test("A sign of life, or any word, gives an attempt its heartbeat timeout anew")
    func heartbeats() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(step(["heartbeatTimeoutMs": 100]))
        let reporter = try #require(bench.bodies.reporter("r/a"))
        let signs: [AttemptReporter.Report] = [
            .heartbeat, .text("x"), .progress(current: 1, total: 2, message: nil), .heartbeat,
        ]
        for sign in signs {
            world.pass(99)
            reporter.report(sign)
            bench.turn()
        }
        #expect(try bench.row().status == .inProgress)
        try expect("step/failed run/statusChanged run/failed", after: 100, in: world, bench)
        #expect(try bench.run().failure?.kind == "step.timedOut")
    }

    @Test("The next attempt begins with a whole heartbeat timeout")
    func heartbeatsOfTheNextAttempt() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(step(["heartbeatTimeoutMs": 100, "retry": ["attempts": 2, "delayMs": 50]]))
        try expect("step/failed", after: 100, in: world, bench)
        try expect("step/started", after: 50, in: world, bench)
        try expect("step/failed run/statusChanged run/failed", after: 100, in: world, bench)
    }

    @Test("An attempt that begins in the turn in which the one before was found silent is not silent itself")
    func failedWhileSilent() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(step(["heartbeatTimeoutMs": 100, "retry": ["attempts": 2]]))
        bench.bodies.end("r/a", .failed(Failure(kind: "test.failed", message: "It failed.")))
        world.pass(100)
        #expect(bench.bodies.started == ["r/a#1", "r/a#2"])
        #expect(try bench.row().status == .inProgress)
        try expect("step/failed run/statusChanged run/failed", after: 100, in: world, bench)
    }

    @Test(
        "A run's timeout ends it, or is only told, exactly then",
        arguments: [
            ("fail", "run/timedOut run/statusChanged run/failed", RunStatus.failed),
            ("cancel", "run/timedOut run/statusChanged run/cancelled", .cancelled),
            ("notify", "run/timedOut", .inProgress),
        ])
    func runTimeout(action: String, types: String, status: RunStatus) throws {
        let world = World()
        let bench = world.engine()
        try bench.start(one, options: ["timeout": ["ms": 5000, "action": .string(action)]])
        try expect(types, after: 5000, in: world, bench)
        #expect(try bench.row().status == status)
        #expect((bench.bodies.reporter("r/a") == nil) == status.isTerminal)
    }

    @Test("The active clock stands while a run is paused")
    func activeClock() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(one, options: ["timeout": ["ms": 100]])
        world.pass(60)
        try bench.perform(.pause)
        world.pass(1000)
        try bench.perform(.resume)
        try expect("run/timedOut run/statusChanged run/failed", after: 40, in: world, bench)
    }

    @Test("Deadlines of many runs fire in their order, each at its moment")
    func many() throws {
        let world = World()
        let bench = world.engine()
        let delays = (1...50).map { $0 * 37 % 101 + 1 }
        for delay in delays {
            try bench.start(["START": "w", "w": ["wait": ["durationMs": .init(delay)]]], id: "r\(delay)")
            try bench.start(step(["timeoutMs": .init(delay)]), id: "s\(delay)")
        }
        for moment in 1...102 {
            world.pass(1)
            for delay in delays {
                #expect(try bench.row("r\(delay)").status == (delay <= moment ? .completed : .inProgress))
                #expect(try bench.row("s\(delay)").status == (delay <= moment ? .failed : .inProgress))
            }
        }
    }

    @Test("An alarm rings once, at its moment")
    func alarm() {
        let world = World()
        let bench = world.engine()
        var rung = 0
        bench.engine.alarm(at: world.clock.now + .milliseconds(10)) { _ in rung += 1 }
        world.pass(9)
        #expect(rung == 0)
        world.pass(1)
        world.pass(1)
        #expect(rung == 1)
    }

    @Test("A run that is due and cannot be read is not looked at without end")
    func unreadable() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(["START": "w", "w": ["wait": ["durationMs": 100]]])
        try damage("r", in: world)
        world.pass(100)
        #expect(bench.engine.timeout() == nil)
    }

    @Test("A deadline fires also when the clock was set back since others have passed")
    func clockSetBack() throws {
        let world = World()
        let bench = world.engine()
        let flow: JSONValue = ["START": "w", "w": ["wait": ["durationMs": 100]]]
        try bench.start(flow, id: "before")
        world.pass(100)
        #expect(try bench.row("before").status == .completed)
        world.pass(-50_000)
        try bench.start(flow, id: "after")
        world.pass(100)
        #expect(try bench.row("after").status == .completed)
    }

    @Test("A wait until a moment that has passed ends at once, whatever was due before")
    func longPassed() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(["START": "w", "w": ["wait": ["durationMs": 100]]], id: "first")
        world.pass(100)
        try bench.start(["START": "w", "w": ["wait": ["until": "1970-01-01T00:00:01Z"]]])
        world.pass(1)
        #expect(try bench.row().status == .completed)
        #expect(bench.engine.timeout() == nil)
    }
}
