package import RPC

package struct ModelThinkingDeltaNotification: NotificationMessage {
    package static let method = "model/thinkingDelta"

    package static var about: NotificationDescription {
        NotificationDescription(
            "A model that the client hosts thinks before it speaks.",
            """
            The attempt is named by the members of its `model/generate`. The observers of the run are told by
            `execution/thinkingDelta`.
            """,
            example: #"{"runId": "nightly-7", "stepId": "draft", "attempt": 1, "text": "Which files? "}"#)
    }

    package var attempt: AttemptReference
    package var text: String

    package init(params: Parameters) throws(RPCError) {
        attempt = try AttemptReference(params: params)
        text = try params.required("text", "What comes after all it has thought before.")
    }
}
