import JSON
import Synchronization
import WorkflowEngine
import WorkflowModel

/// Performs the `call` steps that flows bring bodies for; others are left to whoever performed them before.
final class StepBodyHost: StepExecutor {
    private let registry: WorkflowRegistry
    private let link: EngineLink
    private let others: (any StepExecutor)?
    private let tasks = RunningBodies()

    private init(_ registry: WorkflowRegistry, _ link: EngineLink, others: (any StepExecutor)?) {
        self.registry = registry
        self.link = link
        self.others = others
    }

    static func install(in engine: Engine, _ registry: WorkflowRegistry, _ link: EngineLink) {
        let host = StepBodyHost(registry, link, others: engine.executor(of: "call"))
        engine.install(host, for: "call")
    }

    func readiness(for step: StepKind) -> Readiness {
        guard case .call(let call) = step else { return .ready }
        if registry.body(of: call.handler) != nil { return .ready }
        return others?.readiness(for: step) ?? .missingHandler(call.handler)
    }

    func start(_ attempt: Attempt, reporter: AttemptReporter) {
        guard case .call(let handler, let input) = attempt.work, let body = registry.body(of: handler) else {
            others?.start(attempt, reporter: reporter)
            return
        }
        let step = RunningStep(
            name: attempt.key.path, attempt: attempt.key.number, idempotencyKey: attempt.idempotencyKey,
            reporter: reporter)
        // Nobody performs it: what asks for steps in there is told that it stands in one.
        let context = Context(ProgramExecution(of: attempt.key.runID, link, registry))
        let activity = link.activity
        activity.begin()
        let task = Task { [activity, tasks] in
            defer { activity.end() }
            let report: AttemptReporter.Report
            do {
                let output = try await RunningStep.$current.withValue(step) {
                    try await body.perform(input, context)
                }
                report = .succeeded(output)
            } catch {
                report = .failed(Failure(error, kind: "step.failed"))
            }
            await step.close()
            tasks.ended(attempt.key)
            reporter.report(report)
        }
        tasks.began(attempt.key, task)
    }

    func stop(_ key: AttemptKey) {
        if !tasks.cancel(key) { others?.stop(key) }
    }
}

/// The bodies under way, each until it ends or is cancelled.
private final class RunningBodies: Sendable {
    private struct State {
        var tasks: [AttemptKey: Task<Void, Never>] = [:]
        /// Those that ended before they were known.
        var ended: Set<AttemptKey> = []
    }

    private let state = Mutex(State())

    func began(_ key: AttemptKey, _ task: Task<Void, Never>) {
        state.withLock { state in
            if state.ended.remove(key) == nil { state.tasks[key] = task }
        }
    }

    func ended(_ key: AttemptKey) {
        state.withLock { state in
            if state.tasks.removeValue(forKey: key) == nil { state.ended.insert(key) }
        }
    }

    /// False where none of that key is under way.
    func cancel(_ key: AttemptKey) -> Bool {
        let task = state.withLock { $0.tasks[key] }
        task?.cancel()
        return task != nil
    }
}
