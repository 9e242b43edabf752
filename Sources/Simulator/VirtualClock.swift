import Synchronization
import WorkflowEngine
import WorkflowModel

/// The one clock of a simulation. What has truly passed only grows; the wall clock that engines read may jump.
final class VirtualClock: Sendable {
    private struct State {
        /// Milliseconds since the simulation began.
        var elapsed: Int64 = 0
        /// What somebody set the wall clock wrong by.
        var offset: Int64 = 0
        var random: SeededRandom
    }

    /// 2026-01-01T00:00:00Z.
    private static let beginning: Int64 = 1_767_225_600_000
    /// How wrong the wall clock may become, so that a run's deadlines come within the simulation.
    private static let greatestOffset: Int64 = 120_000

    private let state: Mutex<State>

    init(_ random: SeededRandom) {
        state = Mutex(State(random: random))
    }

    var elapsed: Int64 { state.withLock { $0.elapsed } }

    /// What the wall clock shows.
    var now: Timestamp {
        state.withLock { Timestamp(milliseconds: Self.beginning + $0.elapsed + $0.offset) }
    }

    func pass(to moment: Int64) {
        state.withLock { $0.elapsed = max($0.elapsed, moment) }
    }

    func jump(by milliseconds: Int64) {
        state.withLock { $0.offset = min(max($0.offset + milliseconds, -Self.greatestOffset), Self.greatestOffset) }
    }

    /// What an engine takes from the world, as everything from the seed.
    var environment: Environment {
        Environment(
            now: { self.now },
            makeID: {
                let now = self.now
                return self.state.withLock { UUIDv7.text(at: now, random: ($0.random.next(), $0.random.next())) }
            },
            chance: { self.state.withLock { $0.random.fraction() } })
    }
}
