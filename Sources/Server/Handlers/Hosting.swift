import ServiceProtocol
import WorkflowEngine
import WorkflowModel

/// What a handler's attempt says while it runs.
extension Session {
    func hear(_ message: StepTextDeltaNotification) {
        handlers?.reporter(
            runID: message.runID, executionID: message.executionID, path: message.path, step: message.stepID,
            attempt: message.attempt)?.report(.text(message.text))
    }

    func hear(_ message: StepLogNotification) {
        handlers?.reporter(
            runID: message.runID, executionID: message.executionID, path: message.path, step: message.stepID,
            attempt: message.attempt)?
            .report(.log(level: message.level.flatMap(LogLevel.init) ?? .info, message: message.message))
    }

    func hear(_ message: StepProgressNotification) {
        handlers?.reporter(
            runID: message.runID, executionID: message.executionID, path: message.path, step: message.stepID,
            attempt: message.attempt)?
            .report(.progress(current: message.current, total: message.total ?? 0, message: message.message))
    }

    func hear(_ message: StepHeartbeatNotification) {
        handlers?.reporter(
            runID: message.runID, executionID: message.executionID, path: message.path, step: message.stepID,
            attempt: message.attempt)?.report(.heartbeat)
    }
}
