package import JSON
package import RPC

package struct ShutdownRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "shutdown"

    package static var about: RequestDescription {
        RequestDescription(
            "Ends the session.",
            """
            What waits is answered with the status it has, and running attempts are left recoverable. Afterwards requests are refused, until the
            notification `exit`.
            """,
            result: .null,
            example: Example(
                #"{}"#,
                gives: #"null"#))
    }

    package init(params: Parameters) throws(RPCError) {}
}
