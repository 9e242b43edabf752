package import JSON
package import RPC

package struct RegisterWorkflowRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "workflow/register"

    package static var about: RequestDescription {
        RequestDescription(
            "Keeps a workflow under its name, so that runs can be made of it.",
            """
            A document with the same content has the same version; another one becomes the newest version, and runs keep the one they were made of.
            """,
            result: .object([
                .required("name", .string, "What the workflow is called."),
                .required("version", .string, "The hash of its content."),
                .required("warnings", .list(.problem), "What is doubtful though allowed."),
            ]),
            errors: [.workflowInvalid, .stepHandlerMissing],
            example: Example(
                #"{"document": {"name": "nightly", "flow": {"START": "note", "note": {"set": {"done": true}}}}}"#,
                gives: #"{"name": "nightly", "version": "6c1f0a52", "warnings": []}"#))
    }

    package var document: JSONValue

    package init(params: Parameters) throws(RPCError) {
        document = try params.required("document", "The workflow; workflow.schema.json describes it.")
    }
}
