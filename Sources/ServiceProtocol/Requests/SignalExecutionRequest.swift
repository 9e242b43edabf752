package import JSON
package import RPC

package struct SignalExecutionRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "execution/signal"

    package static var about: RequestDescription {
        RequestDescription(
            "Sends a named signal to a run.",
            """
            It ends the oldest wait for its name, and is kept where there is none.
            """,
            result: .runHandle,
            errors: ErrorKind.ofAChange + [.idempotencyConflict, .limitExceeded],
            example: Example(
                #"""
                {"runId": "nightly-7", "name": "deployed", "payload": {"host": "eu-1"},
                "idempotencyKey": "deploy-81"}
                """#,
                gives: #"""
                    {"runId": "nightly-7", "status": "in-progress", "isPaused": false, "seq": 8,
                    "executionId": "0199e7a2-6b1c-7d3e-8f00-52d1c0a9be41"}
                    """#))
    }

    package var runID: String
    package var name: String
    package var payload: JSONValue?
    package var idempotencyKey: String?
    package var expectedSeq: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", "The run.")
        name = try params.required("name", "The signal's name.")
        payload = try params.optional("payload", "What it says; the result of the wait.")
        idempotencyKey = try params.optional(
            "idempotencyKey", "The same key with the same signal changes nothing the second time.")
        expectedSeq = try params.optional(
            "expectedSeq",
            "The run's newest event as the client knows it; where it has moved on the request is refused.")
    }
}
