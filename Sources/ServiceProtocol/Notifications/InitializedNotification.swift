package import RPC

/// The client is ready for requests and notifications: effects begin.
package struct InitializedNotification: NotificationMessage {
    package static let method = "initialized"

    package init(params: Parameters) throws(RPCError) {}
}
