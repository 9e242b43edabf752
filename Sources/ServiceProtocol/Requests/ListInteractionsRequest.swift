package import JSON
package import RPC

/// All open questions, oldest first: {interactions}.
package struct ListInteractionsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "execution/interactions"

    package var runID: String?
    /// "*" asks for every namespace.
    package var namespace: String?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.optional("runId", as: String.self)
        namespace = try params.optional("namespace", as: String.self)
    }
}
