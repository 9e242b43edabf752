import Synchronization

/// What user's code is doing now, so that a clock which is not the world's passes only while it does nothing.
package final class Activity: Sendable {
    private struct State {
        /// Bodies, observers and programs that are not waiting for the engine.
        var busy = 0
        var changes = 0
    }

    private let state = Mutex(State())

    func begin() { change(by: 1) }

    func end() { change(by: -1) }

    func change(by count: Int) {
        state.withLock { state in
            state.busy += count
            state.changes += 1
        }
    }

    /// How often anything began or ended; nil while something is under way.
    package var rest: Int? {
        state.withLock { $0.busy > 0 ? nil : $0.changes }
    }
}
