package import RPC

/// A handler's attempt writes a line to the run's log.
package struct StepLogNotification: NotificationMessage {
    package static let method = "step/log"

    package var attempt: AttemptReference
    /// debug, info (the default), warning or error.
    package var level: String?
    package var message: String

    package init(params: Parameters) throws(RPCError) {
        attempt = try AttemptReference(params: params)
        level = try params.optional("level", as: String.self)
        message = try params.required("message", as: String.self)
    }
}
