package import JSON
package import RPC

/// The run's state, now or as it was after an event: {runId, seq, state}.
package struct GetRunStateRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/state"

    package var runID: String
    package var atSeq: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", as: String.self)
        atSeq = try params.optional("atSeq", as: Int.self)
    }
}
