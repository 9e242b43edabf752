package import RPC

/// How far a handler's attempt has come.
package struct StepProgressNotification: NotificationMessage {
    package static let method = "step/progress"

    package var attempt: AttemptReference
    package var current: Int
    package var total: Int?
    package var message: String?

    package init(params: Parameters) throws(RPCError) {
        attempt = try AttemptReference(params: params)
        current = try params.required("current", as: Int.self)
        total = try params.optional("total", as: Int.self)
        message = try params.optional("message", as: String.self)
    }
}
