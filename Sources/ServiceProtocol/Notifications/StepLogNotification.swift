package import RPC

package struct StepLogNotification: NotificationMessage {
    package static let method = "step/log"

    package static var about: NotificationDescription {
        NotificationDescription(
            "A hosted attempt writes a line to the run's log.",
            example: #"""
                {"runId": "nightly-7", "stepId": "build", "attempt": 1, "level": "warning", "message": "No tag yet."}
                """#)
    }

    package var attempt: AttemptReference
    package var level: String?
    package var message: String

    package init(params: Parameters) throws(RPCError) {
        attempt = try AttemptReference(params: params)
        level = try params.optional("level", "`debug`, `info` (the default), `warning` or `error`.")
        message = try params.required("message", "The line.")
    }
}
