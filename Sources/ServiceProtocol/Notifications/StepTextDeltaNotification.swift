package import RPC

/// A handler's attempt says something. The attempt is named by the members of its `step/execute`.
package struct StepTextDeltaNotification: NotificationMessage {
    package static let method = "step/textDelta"

    package var runID: String?
    package var executionID: String?
    package var path: String?
    package var stepID: String?
    package var attempt: Int?
    package var text: String

    package init(params: Parameters) throws(RPCError) {
        runID = try params.optional("runId", as: String.self)
        executionID = try params.optional("executionId", as: String.self)
        path = try params.optional("path", as: String.self)
        stepID = try params.optional("stepId", as: String.self)
        attempt = try params.optional("attempt", as: Int.self)
        text = try params.required("text", as: String.self)
    }
}
