import Synchronization
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// What several engines share: a store, a clock that only the test moves, ids that count, and who is alive.
final class World {
    let store = MemoryStore()
    let clock = VirtualClock()
    var living: Set<String> = []
    /// Engines that do not run, and since when.
    private(set) var frozen: [String: Timestamp] = [:]
    /// Whose processes of which runs were ended, as `engine run`.
    var endedProcesses: [String] = []
    private(set) var benches: [Bench] = []

    /// A new engine on the store, which hosts these handlers and whose effects have begun.
    func engine(
        _ name: String = "A", handlers: Set<String> = ["work"], namespace: String = "default",
        beginsEffects: Bool = true
    ) -> Bench {
        let bench = Bench(name, in: self, handlers: handlers, namespace: namespace)
        living.insert(name)
        benches.append(bench)
        if beginsEffects { bench.beginEffects() }
        return bench
    }

    /// The engine is gone, as after kill -9: nobody drives it any more, and its bodies say nothing.
    func kill(_ bench: Bench) {
        living.remove(bench.name)
        benches.removeAll { $0 === bench }
    }

    /// The engine does not run any more, and does not know it.
    func freeze(_ bench: Bench) {
        frozen[bench.name] = clock.now
        benches.removeAll { $0 === bench }
    }

    func thaw(_ bench: Bench) {
        frozen[bench.name] = nil
        benches.append(bench)
    }

    /// Lets time pass for all engines, and gives each a turn.
    func pass(_ milliseconds: Int64) {
        clock.pass(milliseconds)
        for bench in benches { bench.turn() }
    }
}

final class VirtualClock: Sendable {
    private let state = Mutex((now: Int64(1_000_000), ids: 0))

    var now: Timestamp { Timestamp(milliseconds: state.withLock { $0.now }) }

    func pass(_ milliseconds: Int64) {
        state.withLock { $0.now += milliseconds }
    }

    func makeID() -> String {
        state.withLock { state in
            state.ids += 1
            return "id-\(state.ids)"
        }
    }
}

/// Knows of life and death what the test says.
final class ScriptedRegistry: EngineRegistry {
    let engineID: String
    let processes: any ProcessLedger = NoLedger()
    private unowned let world: World

    init(_ engineID: String, in world: World) {
        self.engineID = engineID
        self.world = world
    }

    /// Who is alive is known from the start.
    func announce() {}

    func vitality(of engineID: String) -> Duration? {
        guard world.living.contains(engineID) else { return nil }
        guard let since = world.frozen[engineID] else { return .seconds(5) }
        let left = since + .seconds(5) - world.clock.now
        return left > .zero ? left : nil
    }

    func endProcesses(of engineID: String, run: String) { world.endedProcesses.append("\(engineID) \(run)") }
}
