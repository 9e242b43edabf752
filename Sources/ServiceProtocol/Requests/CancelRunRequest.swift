package import JSON
package import RPC

/// Cancels a run that has not ended.
package struct CancelRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/cancel"

    package var runID: String
    package var reason: String?
    /// The run's newest event as the client knows it; another one refuses the request.
    package var expectedSeq: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", as: String.self)
        reason = try params.optional("reason", as: String.self)
        expectedSeq = try params.optional("expectedSeq", as: Int.self)
    }
}
