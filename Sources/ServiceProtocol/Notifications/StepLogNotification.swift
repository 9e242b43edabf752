package import RPC

/// A handler's attempt writes a line to the run's log.
package struct StepLogNotification: NotificationMessage {
    package static let method = "step/log"

    package var runID: String?
    package var executionID: String?
    package var path: String?
    package var stepID: String?
    package var attempt: Int?
    /// debug, info (the default), warning or error.
    package var level: String?
    package var message: String

    package init(params: Parameters) throws(RPCError) {
        runID = try params.optional("runId", as: String.self)
        executionID = try params.optional("executionId", as: String.self)
        path = try params.optional("path", as: String.self)
        stepID = try params.optional("stepId", as: String.self)
        attempt = try params.optional("attempt", as: Int.self)
        level = try params.optional("level", as: String.self)
        message = try params.required("message", as: String.self)
    }
}
