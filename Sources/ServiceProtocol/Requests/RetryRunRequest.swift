package import JSON
package import RPC

/// Lets a run that failed or was cancelled go on from where it stood, in a new execution.
package struct RetryRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/retry"

    package var runID: String
    /// The run's newest event as the client knows it; another one refuses the request.
    package var expectedSeq: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", as: String.self)
        expectedSeq = try params.optional("expectedSeq", as: Int.self)
    }
}
