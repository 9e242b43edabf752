package import RPC

package struct StepHeartbeatNotification: NotificationMessage {
    package static let method = "step/heartbeat"

    package static var about: NotificationDescription {
        NotificationDescription(
            "A hosted attempt is alive.",
            example: #"{"runId": "nightly-7", "stepId": "build", "attempt": 1}"#)
    }

    package var attempt: AttemptReference

    package init(params: Parameters) throws(RPCError) {
        attempt = try AttemptReference(params: params)
    }
}
