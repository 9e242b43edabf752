package import JSON
package import RPC

package struct ListRunsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/list"

    package static var about: RequestDescription {
        RequestDescription(
            "Lists runs, newest first.",
            result: .object([
                .required("runs", .list(.runSummary), "The runs, without state, input and output."),
                .optional("nextCursor", .string, "The `cursor` of the next page; absent on the last one."),
            ]),
            example: Example(
                #"{"filter": {"status": ["awaiting"]}, "limit": 20}"#,
                gives: #"{"runs": []}"#))
    }

    package var namespace: String?
    package var cursor: String?
    package var limit: Int?
    package var statuses: [String]
    package var workflow: String?
    package var labels: JSONObject?
    package var createdAfter: String?
    package var createdBefore: String?
    package var isPaused: Bool?
    package var parent: String?

    package init(params: Parameters) throws(RPCError) {
        namespace = try params.optional(
            "namespace", "Whose runs; without it those of the session, and `*` those of all.")
        cursor = try params.optional("cursor", "Where to go on: the `nextCursor` of the page before.")
        limit = try params.optional("limit", "How many runs at most: 50 when absent, and never more than 1,000.")
        let filter = try params.optional("filter", as: Parameters.self, "Which runs; each member must hold.")
        let status = try filter?.optional("status", as: OneOrMore<String>.self, "Runs with one of these statuses.")
        statuses = status?.elements ?? []
        workflow = try filter?.optional("workflow", "Runs of the workflow of this name.")
        labels = try filter?.optional("labels", "Runs that bear these labels.")
        createdAfter = try filter?.optional("createdAfter", "Runs created after this moment, RFC 3339.")
        createdBefore = try filter?.optional("createdBefore", "Runs created before this moment, RFC 3339.")
        parent = try filter?.optional("parent", "The children of this run.")
        isPaused = try filter?.optional("isPaused", "Runs that are paused, or that are not.")
    }
}
