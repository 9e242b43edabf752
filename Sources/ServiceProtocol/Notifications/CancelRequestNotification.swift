package import RPC

/// The sender does not want the answer any more: it is answered with -32800.
package struct CancelRequestNotification: NotificationMessage {
    package static let method = "$/cancelRequest"

    package var id: RequestID

    package init(params: Parameters) throws(RPCError) {
        id = try params.required("id", as: RequestID.self)
    }
}
