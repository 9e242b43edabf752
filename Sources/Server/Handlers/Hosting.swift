import ServiceProtocol
import WorkflowEngine
import WorkflowModel

/// What a handler's attempt says while it runs.
extension Session {
    func hear(_ message: StepTextDeltaNotification) {
        let reporter = handlers?.reporter(
            runID: message.runID, executionID: message.executionID, path: message.path, step: message.stepID,
            attempt: message.attempt)
        hear(.text(message.text), from: reporter)
    }

    func hear(_ message: StepLogNotification) {
        let reporter = handlers?.reporter(
            runID: message.runID, executionID: message.executionID, path: message.path, step: message.stepID,
            attempt: message.attempt)
        hear(.log(level: message.level.flatMap(LogLevel.init) ?? .info, message: message.message), from: reporter)
    }

    func hear(_ message: StepProgressNotification) {
        let reporter = handlers?.reporter(
            runID: message.runID, executionID: message.executionID, path: message.path, step: message.stepID,
            attempt: message.attempt)
        hear(
            .progress(current: message.current, total: message.total ?? 0, message: message.message), from: reporter)
    }

    func hear(_ message: StepHeartbeatNotification) {
        let reporter = handlers?.reporter(
            runID: message.runID, executionID: message.executionID, path: message.path, step: message.stepID,
            attempt: message.attempt)
        hear(.heartbeat, from: reporter)
    }

    /// In the turn in which it came, so that what the client asks next finds it done.
    private func hear(_ report: AttemptReporter.Report, from reporter: AttemptReporter?) {
        if let reporter { engine.take(report, from: reporter) }
    }
}
