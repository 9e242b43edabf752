import ServiceProtocol
import WorkflowEngine
import WorkflowModel

/// What a handler's attempt says while it runs.
extension Session {
    func hear(_ message: StepTextDeltaNotification) {
        hear(.text(message.text), from: message.attempt)
    }

    func hear(_ message: ModelTextDeltaNotification) {
        handlers?.hear(message.text, isThought: false, fromModelOf: message.attempt)
    }

    func hear(_ message: ModelThinkingDeltaNotification) {
        handlers?.hear(message.text, isThought: true, fromModelOf: message.attempt)
    }

    func hear(_ message: StepLogNotification) {
        let level = message.level.flatMap(LogLevel.init) ?? .info
        hear(.log(level: level, message: message.message), from: message.attempt)
    }

    func hear(_ message: StepProgressNotification) {
        let report = AttemptReporter.Report.progress(
            current: message.current, total: message.total ?? 0, message: message.message)
        hear(report, from: message.attempt)
    }

    func hear(_ message: StepHeartbeatNotification) {
        hear(.heartbeat, from: message.attempt)
    }

    /// In the turn in which it came, so that what the client asks next finds it done.
    private func hear(_ report: AttemptReporter.Report, from attempt: AttemptReference) {
        if let reporter = handlers?.reporter(of: attempt) { engine.take(report, from: reporter) }
    }
}
