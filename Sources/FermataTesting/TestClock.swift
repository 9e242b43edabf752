internal import FermataKit
internal import Synchronization
internal import WorkflowEngine
internal import WorkflowModel

/// A clock that stands while anything is done, and goes on to the next moment something happens by itself.
final class TestClock: Sendable {
    private struct State {
        var elapsed: Int64 = 0
        var ids: UInt64 = 0
        /// What was at rest when the engine was last told to wait for it.
        var rest: Int?
    }

    /// 2026-01-01T00:00:00Z.
    private static let beginning: Int64 = 1_767_225_600_000

    private let state = Mutex(State())

    var elapsed: Duration { .milliseconds(state.withLock { $0.elapsed }) }

    private var now: Timestamp { Timestamp(milliseconds: Self.beginning + state.withLock { $0.elapsed }) }

    var environment: Environment {
        Environment(
            now: { self.now },
            makeID: {
                let number = self.state.withLock { state in
                    state.ids += 1
                    return state.ids
                }
                return UUIDv7.text(at: self.now, random: (number, number))
            },
            chance: { 0.5 })
    }

    /// How long the engine truly waits that has nothing to do for `wait`. What is at rest is given a moment to show that it
    /// is not, and then the clock goes on.
    func pace(_ activity: Activity, _ wait: Duration?) -> Duration? {
        guard let wait else { return nil }
        guard wait > .zero else { return .zero }
        return state.withLock { state in
            let rest = activity.rest
            defer { state.rest = rest }
            guard let rest, rest == state.rest else { return .milliseconds(1) }
            state.elapsed += max(wait.milliseconds, 1)
            return .zero
        }
    }
}
