package import RPC

/// Ends the process: exit code 0 after `shutdown`, else 1.
package struct ExitNotification: NotificationMessage {
    package static let method = "exit"

    package init(params: Parameters) throws(RPCError) {}
}
