import WorkflowEngine
import WorkflowModel

/// Step bodies that do what the test says: it notes what is started and stopped, and keeps the reporters.
final class ScriptedExecutor: StepExecutor {
    var handlers: Set<String>
    private let history: History
    private var underWay: [String: (attempt: Attempt, reporter: AttemptReporter)] = [:]
    /// Every attempt that was ever started: `run/path#number`.
    private(set) var started: [String] = []

    init(_ handlers: Set<String>, _ history: History) {
        self.handlers = handlers
        self.history = history
    }

    func readiness(for step: StepKind) -> Readiness {
        switch step {
        case .call(let call): handlers.contains(call.handler) ? .ready : .missingHandler(call.handler)
        case .agent: .ready
        case .program(let program): handlers.contains(program.name) ? .ready : .missingHandler(program.name)
        default: .notPermitted("Commands are not allowed here.")
        }
    }

    func start(_ attempt: Attempt, reporter: AttemptReporter) {
        let key = attempt.key
        history.note("start \(key.path)#\(key.number)")
        started.append("\(key.runID)/\(key.path)#\(key.number)")
        if case .command = attempt.work {
            let message = "Commands are not allowed here."
            return reporter.report(.failed(Failure(kind: "command.notAllowed", message: message, isRetryable: false)))
        }
        underWay["\(key.runID)/\(key.path)"] = (attempt, reporter)
    }

    /// As an executor must, it ignores what has ended already.
    func stop(_ key: AttemptKey) {
        let place = "\(key.runID)/\(key.path)"
        guard underWay[place]?.attempt.key == key else { return }
        underWay[place] = nil
        history.note("stop \(key.path)#\(key.number)")
    }

    /// The attempt of a step that is under way, as `run/path`.
    func attempt(_ place: String) -> Attempt? { underWay[place]?.attempt }

    func reporter(_ place: String) -> AttemptReporter? { underWay[place]?.reporter }

    func end(_ place: String, _ report: AttemptReporter.Report) {
        guard let (_, reporter) = underWay.removeValue(forKey: place) else {
            preconditionFailure("No attempt of \(place) is under way.")
        }
        reporter.report(report)
    }
}
