package import JSON
package import RPC

/// A registered workflow, or that very version: {name, version, document}.
package struct GetWorkflowRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "workflow/get"

    package var name: String
    package var version: String?

    package init(params: Parameters) throws(RPCError) {
        name = try params.required("name", as: String.self)
        version = try params.optional("version", as: String.self)
    }
}
