package import RPC

package struct CancelRequestNotification: NotificationMessage {
    package static let method = "$/cancelRequest"

    package static var about: NotificationDescription {
        NotificationDescription(
            "The sender does not want the answer any more.",
            """
            A request that waits is answered with -32800. What a handler was asked for and is not wanted any more, its answer is not looked at.
            Either side sends it.
            """,
            example: #"{"id": 7}"#)
    }

    package var id: RequestID

    package init(params: Parameters) throws(RPCError) {
        id = try params.required("id", "The id of the request.")
    }
}
