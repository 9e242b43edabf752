package import RPC

/// How far a handler's attempt has come.
package struct StepProgressNotification: NotificationMessage {
    package static let method = "step/progress"

    package var runID: String?
    package var executionID: String?
    package var path: String?
    package var stepID: String?
    package var attempt: Int?
    package var current: Int
    package var total: Int?
    package var message: String?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.optional("runId", as: String.self)
        executionID = try params.optional("executionId", as: String.self)
        path = try params.optional("path", as: String.self)
        stepID = try params.optional("stepId", as: String.self)
        attempt = try params.optional("attempt", as: Int.self)
        current = try params.required("current", as: Int.self)
        total = try params.optional("total", as: Int.self)
        message = try params.optional("message", as: String.self)
    }
}
