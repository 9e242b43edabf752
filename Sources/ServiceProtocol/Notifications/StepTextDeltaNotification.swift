package import RPC

package struct StepTextDeltaNotification: NotificationMessage {
    package static let method = "step/textDelta"

    package static var about: NotificationDescription {
        NotificationDescription(
            "A hosted attempt says something.",
            """
            The observers of the run are told by `execution/textDelta`.
            """,
            example: #"{"runId": "nightly-7", "stepId": "build", "attempt": 1, "text": "Cloning "}"#)
    }

    package var attempt: AttemptReference
    package var text: String

    package init(params: Parameters) throws(RPCError) {
        attempt = try AttemptReference(params: params)
        text = try params.required("text", "What comes after all it has said before.")
    }
}
