package import RPC

package struct InitializedNotification: NotificationMessage {
    package static let method = "initialized"

    package static var about: NotificationDescription {
        NotificationDescription(
            "The client is ready for requests and notifications: effects begin.",
            example: #"{}"#)
    }

    package init(params: Parameters) throws(RPCError) {}
}
