package import JSON
package import RPC

/// `step/perform`: {output} once the step has ended, which the service performs with all it has. A step that failed answers with an error
/// of its kind.
package struct PerformStepRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "step/perform"

    /// Of the `workflow/execute` whose program asks.
    package var executionID: String
    package var key: StepKey
    /// As a document writes it, without `next`.
    package var step: JSONObject

    package init(params: Parameters) throws(RPCError) {
        executionID = try params.required("executionId", as: String.self)
        key = try params.required("key", as: StepKey.self)
        step = try params.required("step", as: JSONObject.self)
    }
}
