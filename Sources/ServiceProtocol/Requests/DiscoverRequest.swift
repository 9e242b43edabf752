package import JSON
package import RPC

package struct DiscoverRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "rpc.discover"

    package static var about: RequestDescription {
        RequestDescription(
            "Gives this very description of the protocol.",
            """
            It is an OpenRPC document, and allowed before `initialize`. A session's `schemaHash` says whether it is the one that a client knows.
            """,
            result: .map(.any),
            example: Example(
                #"{}"#,
                gives: #"{"openrpc": "1.3.2", "info": {"title": "Fermata", "version": "1.0"}, "methods": []}"#))
    }

    package init(params: Parameters) throws(RPCError) {}
}
