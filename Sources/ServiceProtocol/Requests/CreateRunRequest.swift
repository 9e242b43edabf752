package import JSON
package import RPC

package struct CreateRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/create"

    package static var about: RequestDescription {
        RequestDescription(
            "Makes a run of a workflow, and starts it where asked to.",
            """
            The same `runId` or `idempotencyKey` with the same request answers the first response again, also after a restart. Whoever creates a run is
            subscribed to it from its first event.
            """,
            result: .createdRun,
            errors: [
                .workflowNotFound, .workflowInvalid, .inputInvalid, .idempotencyConflict, .stepHandlerMissing,
            ],
            example: Example(
                #"{"workflow": "nightly", "input": {"branch": "main"}, "runId": "nightly-7", "start": true}"#,
                gives: #"""
                    {"runId": "nightly-7", "seq": 3, "status": "in-progress",
                    "executionId": "0199e7a2-6b1c-7d3e-8f00-52d1c0a9be41"}
                    """#))
    }

    package var workflow: WorkflowReference
    package var version: String?
    package var input: JSONValue?
    package var options: JSONValue?
    package var runID: String?
    package var idempotencyKey: String?
    package var labels: JSONObject?
    package var start: Bool?
    package var cwd: String?

    package init(params: Parameters) throws(RPCError) {
        workflow = try params.required("workflow", "A registered workflow's name, or a document in place.")
        version = try params.optional("version", "That very version of the workflow of that name.")
        input = try params.optional("input", "What the workflow is given; it must fit the workflow's input schema.")
        options = try params.optional("options", as: RunOptionsObject.self, "How the run is to be treated.")?.json
        runID = try params.optional(
            "runId", as: ChosenRunID.self, "What to call the run; without it the service chooses.")?.text
        idempotencyKey = try params.optional(
            "idempotencyKey", "The same key with the same request makes no second run.")
        labels = try params.optional("labels", "What to write on the run, for `run/list` to filter by.")
        start = try params.optional("start", "Whether to start it at once.")
        cwd = try params.optional("cwd", "The directory the run works in; without it the service's own.")
    }
}
