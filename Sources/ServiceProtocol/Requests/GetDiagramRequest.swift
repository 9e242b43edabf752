package import JSON
package import RPC

package struct GetDiagramRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "workflow/diagram"

    package static var about: RequestDescription {
        RequestDescription(
            "Draws a workflow, or where a run of it stands.",
            """
            Either `workflow` or `runId` says what is drawn.
            """,
            result: .object([
                .required("format", .choice(Format.allCases.map(\.rawValue)), "How it is drawn."),
                .required("diagram", .string, "The picture, as text."),
            ]),
            errors: [.workflowNotFound, .workflowInvalid, .runNotFound],
            example: Example(
                #"{"workflow": "nightly", "format": "mermaid"}"#,
                gives: #"{"format": "mermaid", "diagram": "flowchart TD\n  note[note]\n"}"#))
    }

    package enum Format: String, Sendable, CaseIterable, ParameterValue {
        case mermaid, dot, svg
    }

    package var workflow: WorkflowReference?
    package var version: String?
    package var runID: String?
    package var format: Format

    package init(params: Parameters) throws(RPCError) {
        runID = try params.optional("runId", "The run whose standing is drawn.")
        workflow = try params.optional("workflow", "A registered workflow's name, or a document in place.")
        version = try params.optional("version", "That very version of the workflow of that name.")
        format = try params.optional("format", "Mermaid when absent.") ?? .mermaid
        try params.require(workflow == nil || runID == nil, "runId", "cannot stand beside 'workflow'")
        try params.require(workflow != nil || runID != nil, "workflow", "or 'runId' is missing")
    }
}
