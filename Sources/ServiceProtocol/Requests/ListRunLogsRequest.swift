package import JSON
package import RPC

package struct ListRunLogsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/logs"

    package static var about: RequestDescription {
        RequestDescription(
            "Gives a page of a run's log.",
            result: .object([
                .required("entries", .list(.logEntry), "The entries, in their order."), Shape.nextAfterSeq,
            ]),
            errors: [.runNotFound],
            example: Example(
                #"{"runId": "nightly-7"}"#,
                gives: #"""
                    {"entries": [{"seq": 5, "at": "2026-01-31T09:30:01.000Z", "level": "info",
                    "message": "Three files.", "step": "build"}]}
                    """#))
    }

    package var runID: String
    package var afterSeq: Int?
    package var limit: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", "The run.")
        afterSeq = try params.optional(
            "afterSeq", "The event after which to begin; 0, the default, is before the first.")
        limit = try params.optional("limit", "How many entries at most: 1,000 when absent, and never more than 10,000.")
    }
}
