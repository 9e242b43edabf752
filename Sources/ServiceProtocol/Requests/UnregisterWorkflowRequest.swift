package import JSON
package import RPC

/// Takes a name back: {name}. Runs keep the version they began with.
package struct UnregisterWorkflowRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "workflow/unregister"

    package var name: String

    package init(params: Parameters) throws(RPCError) {
        name = try params.required("name", as: String.self)
    }
}
