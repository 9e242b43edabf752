import Synchronization

/// What user's code is doing now, so that a clock which is not the world's passes only while it does nothing.
final class Activity: Sendable {
    private struct State {
        /// Bodies, observers and programs that are not waiting for the engine.
        var busy = 0
        var changes = 0
    }

    private let state = Mutex(State())

    func begin() {
        state.withLock { state in
            state.busy += 1
            state.changes += 1
        }
    }

    func end() {
        state.withLock { state in
            state.busy -= 1
            state.changes += 1
        }
    }

    /// How often anything began or ended; nil while something is under way.
    var rest: Int? {
        state.withLock { $0.busy > 0 ? nil : $0.changes }
    }
}
