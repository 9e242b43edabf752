import Synchronization
import WorkflowEngine

/// The step whose body a task runs.
final class RunningStep: Sendable {
    @TaskLocal static var current: RunningStep?

    let name: String
    let attempt: Int
    let idempotencyKey: String
    /// Who hears what a step of a flow says; nil for one of a workflow, which its program knows.
    let reporter: AttemptReporter?
    private let closers = Mutex<[@Sendable () async -> Void]>([])

    init(name: String, attempt: Int, idempotencyKey: String, reporter: AttemptReporter? = nil) {
        self.name = name
        self.attempt = attempt
        self.idempotencyKey = idempotencyKey
        self.reporter = reporter
    }

    func whenEnded(_ close: @escaping @Sendable () async -> Void) {
        closers.withLock { $0.append(close) }
    }

    /// What was opened last is closed first.
    nonisolated(nonsending) func close() async {
        while let close = closers.withLock({ $0.popLast() }) { await close() }
    }
}
