package import JSON
package import RPC

package struct GetWorkflowRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "workflow/get"

    package static var about: RequestDescription {
        RequestDescription(
            "Gives a registered workflow's document.",
            result: .object([
                .required("name", .string, "What the workflow is called."),
                .required("version", .string, "The hash of its content."),
                .required("document", .map(.any), "The document; expanded, with a flow in place of each pattern."),
            ]),
            errors: [.workflowNotFound],
            example: Example(
                #"{"name": "nightly"}"#,
                gives: #"""
                    {"name": "nightly", "version": "6c1f0a52", "document": {"name": "nightly",
                    "flow": {"START": "note", "note": {"set": {"done": true}}}}}
                    """#))
    }

    package var name: String
    package var version: String?
    package var isExpanded: Bool

    package init(params: Parameters) throws(RPCError) {
        name = try params.required("name", "What the workflow is called.")
        version = try params.optional("version", "That very version; without it the newest.")
        isExpanded = try params.optional("expanded", "Whether to write each pattern as the flow that it is.") ?? false
    }
}
