package import JSON
package import RPC

/// A page of a run's journal: {events: [{seq, at, type, executionId?, data}], oldestSeq, lastSeq, nextAfterSeq?}.
package struct ListRunEventsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/events"

    package var runID: String
    package var afterSeq: Int?
    package var limit: Int?
    package var maxBytes: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", as: String.self)
        afterSeq = try params.optional("afterSeq", as: Int.self)
        limit = try params.optional("limit", as: Int.self)
        maxBytes = try params.optional("maxBytes", as: Int.self)
    }
}
