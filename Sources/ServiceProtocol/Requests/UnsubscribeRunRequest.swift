package import JSON
package import RPC

/// Ends a subscription: {runId, subscribed: false}.
package struct UnsubscribeRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/unsubscribe"

    package var runID: String

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", as: String.self)
    }
}
