package import JSON
package import RPC

/// `workflow/diagram`: the picture of a workflow, or of where a run of it stands: {format, diagram}.
package struct GetDiagramRequest: RequestMessage {
    package typealias Result = JSONValue

    package enum Format: String, Sendable, CaseIterable, ParameterValue {
        case mermaid, dot, svg
    }

    package static let method = "workflow/diagram"

    /// A registered workflow's name, or a document in place; nil where a run is given.
    package var workflow: JSONValue?
    package var version: String?
    package var runID: String?
    package var format: Format

    package init(params: Parameters) throws(RPCError) {
        runID = try params.optional("runId", as: String.self)
        workflow = try params.optional("workflow", as: JSONValue.self)
        version = try params.optional("version", as: String.self)
        format = try params.optional("format", as: Format.self) ?? .mermaid
        switch (workflow, runID) {
        case (.string, nil), (.object, nil), (nil, .some): break
        case (.some, .some): throw params.invalid("runId", "cannot stand beside 'workflow'")
        case (nil, nil): throw params.invalid("workflow", "or 'runId' is missing")
        default: throw params.invalid("workflow", "must be a name or a document")
        }
    }
}
