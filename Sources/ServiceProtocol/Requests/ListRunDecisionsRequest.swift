package import JSON
package import RPC

/// Why the run went from one step to another: {decisions: [{seq, at, from, to, condition?, value?, reason}]}.
package struct ListRunDecisionsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/decisions"

    package var runID: String

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", as: String.self)
    }
}
