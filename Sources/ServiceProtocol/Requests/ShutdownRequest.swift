package import JSON
package import RPC

/// Ends the session: what waits is answered with the status it has, running attempts are left recoverable.
/// The answer is null; afterwards requests are refused until the notification `exit`.
package struct ShutdownRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "shutdown"

    package init(params: Parameters) throws(RPCError) {}
}
