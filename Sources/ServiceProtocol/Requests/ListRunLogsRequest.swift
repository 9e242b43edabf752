package import JSON
package import RPC

/// A page of a run's log: {entries: [{seq, at, level, message, step?}], nextAfterSeq?}.
package struct ListRunLogsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/logs"

    package var runID: String
    package var afterSeq: Int?
    package var limit: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", as: String.self)
        afterSeq = try params.optional("afterSeq", as: Int.self)
        limit = try params.optional("limit", as: Int.self)
    }
}
