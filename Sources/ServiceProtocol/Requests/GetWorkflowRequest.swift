package import JSON
package import RPC

/// A registered workflow, or that very version: {name, version, document}. Expanded, the document has a flow in place of
/// each pattern.
package struct GetWorkflowRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "workflow/get"

    package var name: String
    package var version: String?
    package var isExpanded: Bool

    package init(params: Parameters) throws(RPCError) {
        name = try params.required("name", as: String.self)
        version = try params.optional("version", as: String.self)
        isExpanded = try params.optional("expanded", as: Bool.self) ?? false
    }
}
