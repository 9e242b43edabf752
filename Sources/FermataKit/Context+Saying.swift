import JSON
import WorkflowEngine
import WorkflowModel

extension Context {
    /// Says a piece of text, which goes to whoever follows the run. Not recorded.
    public func text(_ text: String) {
        report(.text(text))
    }

    /// Says how far the work is.
    public func progress(_ current: Int, of total: Int = 0, _ message: String? = nil) {
        report(.progress(current: current, total: total, message: message))
    }

    /// Adds a line to the run's log.
    public func log(_ message: String, _ level: LogLevel = .info) {
        report(.log(level: WorkflowModel.LogLevel(rawValue: level.rawValue) ?? .info, message: message))
    }

    /// Closes what a step has opened when it ends, however it ends; what was opened last first.
    ///
    /// Outside of steps nothing is ever closed: a workflow holds nothing but values between its steps.
    public func whenStepEnds(_ close: @escaping @Sendable () async -> Void) {
        RunningStep.current?.whenEnded(close)
    }

    private func report(_ report: AttemptReporter.Report) {
        if let step = RunningStep.current, let reporter = step.reporter ?? program.reporter(of: step.name) {
            return reporter.report(report)
        }
        program.report(report)
    }
}
