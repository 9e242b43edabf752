import JSON
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("A running engine takes over")
struct TakeOverTests {
    private let world = World()

    /// As the store's watcher tells it.
    private func notice(_ bench: Bench) {
        bench.engine.mailbox.post(.enginesChanged)
        bench.turn()
    }

    @Test("The runs of an engine that died are taken on once its death is told, and its processes are ended first")
    func death() throws {
        let (dead, bench) = (world.engine("A"), world.engine("B"))
        try dead.start(one)
        let epoch = try dead.row().epoch
        notice(bench)
        #expect(bench.bodies.started.isEmpty)
        world.kill(dead)
        notice(bench)
        #expect(world.endedProcesses == ["A r"])
        #expect(bench.bodies.started == ["r/a#2"])
        #expect(try bench.row().owner == "B")
        #expect(try bench.row().epoch > epoch)
    }

    @Test("A frozen owner is fenced when its silence has lasted, and what it reports when it wakes is refused")
    func frozen() throws {
        let (frozen, bench) = (world.engine("A"), world.engine("B"))
        try frozen.start(two)
        notice(bench)
        world.freeze(frozen)
        for _ in 1...49 { world.pass(100) }
        #expect(bench.bodies.started.isEmpty)
        for _ in 1...6 { world.pass(100) }
        #expect(bench.bodies.started == ["r/a#2"])

        world.thaw(frozen)
        frozen.succeed("r/a", "too late")
        #expect(frozen.bodies.reporter("r/a") == nil)
        #expect(frozen.bodies.started == ["r/a#1"])
        #expect(try frozen.row().owner == "B")
        bench.succeed("r/a", "in time")
        bench.succeed("r/b")
        #expect(try bench.row().status == .completed)
        let events = try bench.engine.events(of: bench.row(), afterSeq: 0, limit: .max, maxBytes: .max)
        let outputs = events.compactMap { if case .stepCompleted(let end) = $0.event { end.output } else { nil } }
        #expect(outputs.first == "in time")
    }

    @Test("An owner that was frozen already when the engine began is fenced too")
    func frozenBefore() throws {
        let frozen = world.engine("A")
        try frozen.start(one)
        world.freeze(frozen)
        let bench = world.engine("B")
        #expect(bench.bodies.started.isEmpty)
        for _ in 1...6 { world.pass(1000) }
        #expect(bench.bodies.started == ["r/a#2"])
    }

    @Test("What nobody here can perform is left, and not looked at without end")
    func strangers() throws {
        let (dead, bench) = (world.engine("A"), world.engine("B", handlers: ["other"]))
        try dead.start(one)
        world.kill(dead)
        notice(bench)
        #expect(try bench.row().owner == "A")
        #expect(bench.engine.timeout() == nil)
        let commits = bench.history.take().count { $0 == "commit" }
        notice(bench)
        #expect(bench.history.take().count { $0 == "commit" } == 0, "\(commits)")
    }

    @Test("As long as nobody owns anything there is nothing to look at")
    func idle() throws {
        let (bench, other) = (world.engine("A"), world.engine("B"))
        try bench.start(one)
        bench.succeed()
        notice(other)
        world.pass(1000)
        #expect(bench.engine.timeout() == nil)
        #expect(other.engine.timeout() == nil)
    }
}
