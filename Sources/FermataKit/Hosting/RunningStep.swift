import Synchronization

/// The step whose body a task runs.
final class RunningStep: Sendable {
    @TaskLocal static var current: RunningStep?

    let name: String
    let idempotencyKey: String
    private let closers = Mutex<[@Sendable () async -> Void]>([])

    init(name: String, idempotencyKey: String) {
        self.name = name
        self.idempotencyKey = idempotencyKey
    }

    func whenEnded(_ close: @escaping @Sendable () async -> Void) {
        closers.withLock { $0.append(close) }
    }

    /// What was opened last is closed first.
    nonisolated(nonsending) func close() async {
        while let close = closers.withLock({ $0.popLast() }) { await close() }
    }
}
