package import JSON
package import RPC

package struct ListRunEventsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/events"

    package static var about: RequestDescription {
        RequestDescription(
            "Gives a page of a run's journal.",
            result: .object([
                .required("events", .list(.event), "The events, in their order."),
                .required("oldestSeq", .sequence, "The first event that there is."),
                .required("lastSeq", .sequence, "The newest event that there is."), Shape.nextAfterSeq,
            ]),
            errors: [.runNotFound],
            example: Example(
                #"{"runId": "nightly-7", "limit": 1}"#,
                gives: #"""
                    {"events": [{"seq": 1, "at": "2026-01-31T09:30:00.000Z", "type": "run/created",
                    "data": {"workflow": "nightly", "version": "6c1f0a52", "namespace": "deploy-bot",
                    "cwd": "/srv/app"}}], "oldestSeq": 1, "lastSeq": 9, "nextAfterSeq": 1}
                    """#))
    }

    package var runID: String
    package var afterSeq: Int?
    package var limit: Int?
    package var maxBytes: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", "The run.")
        afterSeq = try params.optional(
            "afterSeq", "The event after which to begin; 0, the default, is before the first.")
        limit = try params.optional("limit", "How many events at most: 1,000 when absent, and never more than 10,000.")
        maxBytes = try params.optional(
            "maxBytes", "How many bytes at most: 1 MiB when absent, and never more than 8 MiB.")
    }
}
