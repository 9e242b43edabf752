package import RPC

/// A model that the client hosts says something. The attempt is named by the members of its `model/generate`.
package struct ModelTextDeltaNotification: NotificationMessage {
    package static let method = "model/textDelta"

    package var attempt: AttemptReference
    package var text: String

    package init(params: Parameters) throws(RPCError) {
        attempt = try AttemptReference(params: params)
        text = try params.required("text", as: String.self)
    }
}
