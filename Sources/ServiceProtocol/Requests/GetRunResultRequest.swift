package import JSON
package import RPC

package struct GetRunResultRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/result"

    package static var about: RequestDescription {
        RequestDescription(
            "Answers when the run has ended, with what it left.",
            """
            It holds up no other request. With `waitMs` passed, at `shutdown`, in a batch, and when the input has ended and nobody can help the run any
            more, it answers with the status that the run has.
            """,
            result: .runResult,
            errors: [.runNotFound],
            example: Example(
                #"{"runId": "nightly-7", "waitMs": 60000}"#,
                gives: #"{"runId": "nightly-7", "status": "completed", "output": {"published": true}}"#))
    }

    package var runID: String
    package var waitMs: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", "The run.")
        waitMs = try params.optional("waitMs", "How long to wait at most; without it until the end.")
    }
}
