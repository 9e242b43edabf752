package import JSON
package import RPC

/// Sends a named signal to a run. It goes to the wait that came first; without one it is kept.
package struct SignalExecutionRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "execution/signal"

    package var runID: String
    package var name: String
    package var payload: JSONValue?
    /// The same key with the same signal changes nothing the second time.
    package var idempotencyKey: String?
    /// The run's newest event as the client knows it; another one refuses the request.
    package var expectedSeq: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", as: String.self)
        name = try params.required("name", as: String.self)
        payload = try params.optional("payload", as: JSONValue.self)
        idempotencyKey = try params.optional("idempotencyKey", as: String.self)
        expectedSeq = try params.optional("expectedSeq", as: Int.self)
    }
}
