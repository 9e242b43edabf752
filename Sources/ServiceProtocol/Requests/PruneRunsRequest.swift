package import JSON
package import RPC

/// `run/prune`: removes runs that ended long ago: {runs: [{runId, workflow, status, endedAt, children}], workflows, idempotencyKeys,
/// nextCursor?}.
package struct PruneRunsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/prune"

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
        olderThanMs = try params.required("olderThanMs", as: Int.self)
        guard olderThanMs >= 0 else { throw params.invalid("olderThanMs", "must not be negative") }
        statuses = try params.optional("status", as: [String].self) ?? []
        namespace = try params.optional("namespace", as: String.self)
        dryRun = try params.optional("dryRun", as: Bool.self)
        limit = try params.optional("limit", as: Int.self)
        cursor = try params.optional("cursor", as: String.self)
    }
}
