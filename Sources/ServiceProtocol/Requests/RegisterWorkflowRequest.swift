package import JSON
package import RPC

/// Registers a document under its name: {name, version, warnings}. The same content again changes nothing.
package struct RegisterWorkflowRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "workflow/register"

    package var document: JSONValue

    package init(params: Parameters) throws(RPCError) {
        document = try params.required("document", as: JSONValue.self)
    }
}
