package import JSON
package import RPC

/// Tells every problem of a document at once: {valid, problems}.
package struct ValidateWorkflowRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "workflow/validate"

    package var document: JSONValue

    package init(params: Parameters) throws(RPCError) {
        document = try params.required("document", as: JSONValue.self)
    }
}
