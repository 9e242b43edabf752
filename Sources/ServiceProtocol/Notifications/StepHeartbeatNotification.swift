package import RPC

/// A handler's attempt is alive.
package struct StepHeartbeatNotification: NotificationMessage {
    package static let method = "step/heartbeat"

    package var attempt: AttemptReference

    package init(params: Parameters) throws(RPCError) {
        attempt = try AttemptReference(params: params)
    }
}
