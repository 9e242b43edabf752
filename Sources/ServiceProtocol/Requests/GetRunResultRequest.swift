package import JSON
package import RPC

/// Answers when the run has ended: {runId, status, output?, error?}; with `waitMs` passed, the same with the status it has.
package struct GetRunResultRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/result"

    package var runID: String
    /// How long to wait at most; absent waits for the end.
    package var waitMs: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", as: String.self)
        waitMs = try params.optional("waitMs", as: Int.self)
    }
}
