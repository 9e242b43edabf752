package import JSON
package import RPC

/// A run with its state, input, output and what it waits for.
package struct GetRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/get"

    package var runID: String

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", as: String.self)
    }
}
