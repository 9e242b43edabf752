import Synchronization

/// Tasks that end with their owner.
final class OwnedTasks: Sendable {
    private struct State {
        var tasks: [Int: Task<Void, Never>] = [:]
        /// Those that ended before they were known.
        var ended: Set<Int> = []
        var count = 0
    }

    private let state = Mutex(State())

    func begin(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        let task = Task { [self] in
            await body()
            state.withLock { state in
                if state.tasks.removeValue(forKey: number) == nil { state.ended.insert(number) }
            }
        }
        state.withLock { state in
            if state.ended.remove(number) == nil { state.tasks[number] = task }
        }
        return task
    }

    /// Cancels them, and returns when they have ended.
    func end() async {
        let tasks = state.withLock { $0.tasks.values.map(\.self) }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }
}
