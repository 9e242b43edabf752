package import JSON
package import RPC

/// `run/list`: {runs, nextCursor?}, newest first, in the client's namespace unless asked for `*`.
package struct ListRunsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/list"

    package var namespace: String?
    package var cursor: String?
    /// At most this many, 50 when absent and never more than 1,000.
    package var limit: Int?
    /// One of these statuses; a single one may stand alone.
    package var statuses: [String]
    package var workflow: String?
    package var labels: JSONObject?
    package var createdAfter: String?
    package var createdBefore: String?
    package var isPaused: Bool?
    /// The run whose children are asked for.
    package var parent: String?

    package init(params: Parameters) throws(RPCError) {
        namespace = try params.optional("namespace", as: String.self)
        cursor = try params.optional("cursor", as: String.self)
        limit = try params.optional("limit", as: Int.self)
        let filter = try params.optional("filter", as: Parameters.self)
        if case .string(let status)? = try filter?.optional("status", as: JSONValue.self) {
            statuses = [status]
        } else {
            statuses = try filter?.optional("status", as: [String].self) ?? []
        }
        workflow = try filter?.optional("workflow", as: String.self)
        labels = try filter?.optional("labels", as: JSONObject.self)
        createdAfter = try filter?.optional("createdAfter", as: String.self)
        createdBefore = try filter?.optional("createdBefore", as: String.self)
        parent = try filter?.optional("parent", as: String.self)
        isPaused = try filter?.optional("isPaused", as: Bool.self)
    }
}
