package import JSON
package import RPC

/// `step/begin`: {recorded} or {failed} where the step is in the journal, else {attempt, idempotencyKey}: run the body now, and say with
/// `step/complete` how it ended. It waits while the run is paused, until a failed attempt may be tried again, and for whoever is asked.
package struct BeginStepRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "step/begin"

    /// Of the `workflow/execute` whose program asks.
    package var executionID: String
    package var key: StepKey
    package var input: JSONValue?
    /// `retry`, `timeoutMs`, `heartbeatTimeoutMs` and `onInterrupted`, as a document has them.
    package var policy: JSONObject

    package init(params: Parameters) throws(RPCError) {
        executionID = try params.required("executionId", as: String.self)
        key = try params.required("key", as: StepKey.self)
        input = try params.optional("input", as: JSONValue.self)
        policy = [:]
        for name in ["retry", "timeoutMs", "heartbeatTimeoutMs", "onInterrupted"] {
            policy[name] = try params.optional(name, as: JSONValue.self)
        }
    }
}
