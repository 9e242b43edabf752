package import JSON
package import RPC

/// One entry a step and iteration, in the order they started: {steps: [{path, step, kind, iteration, status, attempt, …}]}.
package struct ListRunStepsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/steps"

    package var runID: String

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", as: String.self)
    }
}
