package import JSON
package import RPC

package struct UnregisterWorkflowRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "workflow/unregister"

    package static var about: RequestDescription {
        RequestDescription(
            "Forgets a workflow's name; runs that were made of it go on.",
            result: .object([.required("name", .string, "What the workflow was called.")]),
            errors: [.workflowNotFound],
            example: Example(
                #"{"name": "nightly"}"#,
                gives: #"{"name": "nightly"}"#))
    }

    package var name: String

    package init(params: Parameters) throws(RPCError) {
        name = try params.required("name", "What the workflow is called.")
    }
}
