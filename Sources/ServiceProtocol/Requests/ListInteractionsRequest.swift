package import JSON
package import RPC

package struct ListInteractionsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "execution/interactions"

    package static var about: RequestDescription {
        RequestDescription(
            "Lists all open questions, oldest first.",
            result: .object([.required("interactions", .list(.interaction), "The questions.")]), errors: [.runNotFound],
            example: Example(
                #"{}"#,
                gives: #"""
                    {"interactions": [{"interactionId": "0199e7a2-7000-7d3e-8f00-52d1c0a9be41", "runId": "nightly-7",
                    "executionId": "0199e7a2-6b1c-7d3e-8f00-52d1c0a9be41", "kind": "approval", "path": "approve",
                    "message": "Publish?", "required": 1, "votes": [], "createdAt": "2026-01-31T09:30:02.114Z"}]}
                    """#))
    }

    package var runID: String?
    package var namespace: String?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.optional("runId", "Those of this run alone.")
        namespace = try params.optional(
            "namespace", "Whose runs; without it those of the session, and `*` those of all.")
    }
}
