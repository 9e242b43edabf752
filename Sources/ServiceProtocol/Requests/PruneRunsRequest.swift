package import JSON
package import RPC

package struct PruneRunsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/prune"

    package static var about: RequestDescription {
        RequestDescription(
            "Removes runs that ended long ago, with their children, a page at a time.",
            """
            The last page also removes workflow versions that are not registered and that no run has.
            """,
            result: .object([
                .required("runs", .list(.prunedRun), "What went, or would go."),
                .required("workflows", .integer(atLeast: 0), "How many versions of workflows went."),
                .required("idempotencyKeys", .integer(atLeast: 0), "How many idempotency keys went."),
                .optional("nextCursor", .string, "The `cursor` of the next page; absent on the last one."),
            ]),
            example: Example(
                #"{"olderThanMs": 2592000000, "dryRun": true}"#,
                gives: #"{"runs": [], "workflows": 0, "idempotencyKeys": 0}"#))
    }

    /// How long ago they ended at least, in milliseconds.
    package var olderThanMs: Int
    /// What they ended with; none means all.
    package var statuses: [String]
    /// Whose they are; absent, the session's, and `*` everybody's.
    package var namespace: String?
    /// Whether it is only told what would go.
    package var dryRun: Bool?
    package var limit: Int?
    package var cursor: String?

    package init(params: Parameters) throws(RPCError) {
        olderThanMs = try params.required("olderThanMs", "How long ago they ended at least, in milliseconds.")
        try params.require(olderThanMs >= 0, "olderThanMs", "must not be negative")
        statuses = try params.optional("status", "What they ended with; without it whatever it was.") ?? []
        namespace = try params.optional(
            "namespace", "Whose runs; without it those of the session, and `*` those of all.")
        dryRun = try params.optional("dryRun", "Whether it is only told what would go.")
        limit = try params.optional("limit", "How many runs at most: 100 when absent, and never more than 1,000.")
        cursor = try params.optional("cursor", "Where to go on: the `nextCursor` of the page before.")
    }
}
