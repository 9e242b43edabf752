package import JSON
package import RPC

/// Sends the events after `afterSeq` and then goes live, nothing between lost or doubled: {runId, seq}.
package struct SubscribeRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/subscribe"

    package var runID: String
    /// 0, the default, begins with the first event.
    package var afterSeq: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", as: String.self)
        afterSeq = try params.optional("afterSeq", as: Int.self)
    }
}
