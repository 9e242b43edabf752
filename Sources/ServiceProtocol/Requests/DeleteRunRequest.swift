package import JSON
package import RPC

/// Removes a run that is pending or has ended, with its history: {runId, seq}.
package struct DeleteRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/delete"

    package var runID: String
    /// The run's newest event as the client knows it; another one refuses the request.
    package var expectedSeq: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", as: String.self)
        expectedSeq = try params.optional("expectedSeq", as: Int.self)
    }
}
