package import JSON
package import RPC

package struct CancelRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/cancel"

    package static var about: RequestDescription {
        RequestDescription(
            "Ends a run that has not ended, and its children with it.",
            """
            A run that has something to finish, to clean up or to undo keeps its status meanwhile, and says so with `run/ending`. A second cancel ends
            it at once.
            """,
            result: .runHandle,
            errors: ErrorKind.ofAChange,
            example: Example(
                #"{"runId": "nightly-7", "reason": "The release was withdrawn."}"#,
                gives: #"""
                    {"runId": "nightly-7", "status": "cancelled", "isPaused": false, "seq": 9,
                    "executionId": "0199e7a2-6b1c-7d3e-8f00-52d1c0a9be41"}
                    """#))
    }

    package var runID: String
    package var reason: String?
    package var expectedSeq: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", "The run.")
        reason = try params.optional("reason", "Why, for the record.")
        expectedSeq = try params.optional(
            "expectedSeq",
            "The run's newest event as the client knows it; where it has moved on the request is refused.")
    }
}
