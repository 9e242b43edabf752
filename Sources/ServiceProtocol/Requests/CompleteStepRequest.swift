package import JSON
package import RPC

/// `step/complete`: {seq}; with {attempt, retryAfterMs} the step is to be tried again, and `step/begin` says when; with {failed} its end was
/// recorded before this came.
package struct CompleteStepRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "step/complete"

    package struct Failure: Sendable {
        package var kind: String?
        package var message: String
        package var isRetryable: Bool?
        package var data: JSONValue?
    }

    /// Of the `workflow/execute` whose program ran the body.
    package var executionID: String
    package var key: StepKey
    package var output: JSONValue
    /// Instead of an output: why there is none.
    package var error: Failure?

    package init(params: Parameters) throws(RPCError) {
        executionID = try params.required("executionId", as: String.self)
        key = try params.required("key", as: StepKey.self)
        output = try params.optional("output", as: JSONValue.self) ?? .null
        guard let error = try params.optional("error", as: Parameters.self) else { return }
        self.error = Failure(
            kind: try error.optional("kind", as: String.self), message: try error.required("message", as: String.self),
            isRetryable: try error.optional("retryable", as: Bool.self),
            data: try error.optional("data", as: JSONValue.self))
    }
}
