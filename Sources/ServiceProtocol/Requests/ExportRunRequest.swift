package import JSON
package import RPC

/// `run/export`: a run with its children as one file: {runId, runs, bytes, document or path}.
package struct ExportRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/export"

    package var runID: String
    /// Where the file goes; absent, the answer holds it as `document`.
    package var path: String?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", as: String.self)
        path = try params.optional("path", as: String.self)
    }
}
