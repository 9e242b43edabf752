package import RPC

package struct ExitNotification: NotificationMessage {
    package static let method = "exit"

    package static var about: NotificationDescription {
        NotificationDescription(
            "Ends the process: exit code 0 after `shutdown`, else 1.",
            example: #"{}"#)
    }

    package init(params: Parameters) throws(RPCError) {}
}
