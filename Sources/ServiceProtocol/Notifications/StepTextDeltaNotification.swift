package import RPC

/// A handler's attempt says something. The attempt is named by the members of its `step/execute`.
package struct StepTextDeltaNotification: NotificationMessage {
    package static let method = "step/textDelta"

    package var attempt: AttemptReference
    package var text: String

    package init(params: Parameters) throws(RPCError) {
        attempt = try AttemptReference(params: params)
        text = try params.required("text", as: String.self)
    }
}
