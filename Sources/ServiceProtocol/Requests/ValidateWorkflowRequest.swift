package import JSON
package import RPC

package struct ValidateWorkflowRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "workflow/validate"

    package static var about: RequestDescription {
        RequestDescription(
            "Tells everything that is wrong with a document, and where.",
            result: .object([
                .required("valid", .boolean, "Whether it is a workflow."),
                .required("problems", .list(.problem), "What is wrong, and what is doubtful though allowed."),
            ]),
            example: Example(
                #"{"document": {"name": "nightly", "flow": {"START": "note"}}}"#,
                gives: #"""
                    {"valid": false, "problems": [{"pointer": "/flow/START", "severity": "error",
                    "kind": "flow.unknownTarget", "message": "There is no step \"note\" in this flow."}]}
                    """#))
    }

    package var document: JSONValue

    package init(params: Parameters) throws(RPCError) {
        document = try params.required("document", "What may be a workflow.")
    }
}
