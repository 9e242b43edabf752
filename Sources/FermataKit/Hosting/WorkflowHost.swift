import WorkflowCore
import WorkflowEngine
import WorkflowModel

/// Performs programs that are Swift functions of this process; others are left to whoever performed them before.
final class WorkflowHost: StepExecutor {
    private let registry: WorkflowRegistry
    private let link: EngineLink
    private let others: (any StepExecutor)?
    private var programs: [String: ProgramExecution] = [:]

    init(_ registry: WorkflowRegistry, _ link: EngineLink, others: (any StepExecutor)?) {
        self.registry = registry
        self.link = link
        self.others = others
    }

    /// Lets the engine's programs run here.
    static func install(in engine: Engine, _ registry: WorkflowRegistry, _ link: EngineLink) {
        let host = WorkflowHost(registry, link, others: engine.executor(of: "program"))
        engine.install(host, for: "program", "step")
        StepBodyHost.install(in: engine, registry, link)
    }

    func readiness(for step: StepKind) -> Readiness {
        guard case .program(let program) = step else { return .ready }
        if registry.hosts(program.name) { return .ready }
        return others?.readiness(for: step) ?? .missingHandler(program.name)
    }

    func start(_ attempt: Attempt, reporter: AttemptReporter) {
        let run = attempt.key.runID
        if case .program(let name, let input) = attempt.work, let workflow = registry.workflow(name, of: run) {
            let early = registry.takeEarly(of: run)
            let program = early ?? ProgramExecution(of: run, link, registry)
            programs[run] = program
            program.host(attempt, reporter)
            if early == nil { program.begin(workflow, input) }
        } else if case .hosted = attempt.work, let program = programs[run] {
            program.stepBegan(attempt, reporter)
        } else {
            others?.start(attempt, reporter: reporter)
        }
    }

    func stop(_ key: AttemptKey) {
        guard let program = programs[key.runID] else { return others?.stop(key) ?? () }
        if key.path == WorkflowModel.Run.programPath, key.number == program.attempt?.number {
            programs[key.runID] = nil
            program.cancel()
        } else {
            program.stepEnded(key.path)
        }
    }
}
