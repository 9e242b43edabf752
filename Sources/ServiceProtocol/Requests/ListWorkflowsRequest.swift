package import JSON
package import RPC

/// The newest version of each registered workflow: {workflows: [{name, version, description?, registeredAt}]}.
package struct ListWorkflowsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "workflow/list"

    package init(params: Parameters) throws(RPCError) {}
}
