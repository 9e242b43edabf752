package import RPC

package struct StepProgressNotification: NotificationMessage {
    package static let method = "step/progress"

    package static var about: NotificationDescription {
        NotificationDescription(
            "How far a hosted attempt has come.",
            example: #"{"runId": "nightly-7", "stepId": "build", "attempt": 1, "current": 2, "total": 5}"#)
    }

    package var attempt: AttemptReference
    package var current: Int
    package var total: Int?
    package var message: String?

    package init(params: Parameters) throws(RPCError) {
        attempt = try AttemptReference(params: params)
        current = try params.required("current", "How much is done.")
        total = try params.optional("total", "How much there is; absent when unknown.")
        message = try params.optional("message", "What goes on, in words.")
    }
}
