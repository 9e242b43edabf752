package import JSON
package import RPC

package struct CompleteStepRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "step/complete"

    package static var about: RequestDescription {
        RequestDescription(
            "Says, from a program, how the body of a step has ended.",
            """
            With `attempt` the step is to be tried again, and `step/begin` says when; with `failed` it had ended otherwise before this came.
            """,
            result: .object([
                .required("seq", .sequence, "The number of the run's newest event."),
                .optional("attempt", .sequence, "The number of the next attempt."),
                .optional("retryAfterMs", .milliseconds, "How long until then."),
                .optional("failed", .failure, "Why the step had failed already."),
            ]),
            errors: [.executionNotFound, .stepNotBegun, .workflowChanged],
            example: Example(
                #"""
                {"executionId": "0199e7a2-6b1c-7d3e-8f00-52d1c0a9be41", "key": "build", "output": {"image": "app:7"}}
                """#,
                gives: #"{"seq": 5}"#))
    }

    package struct Failure: Sendable {
        package var kind: String?
        package var message: String
        package var isRetryable: Bool?
        package var data: JSONValue?
    }

    package var executionID: String
    package var key: StepKey
    package var output: JSONValue
    package var error: Failure?

    package init(params: Parameters) throws(RPCError) {
        executionID = try params.required("executionId", "Of the `workflow/execute` whose program ran the body.")
        key = try params.required("key", "What the step is called.")
        output = try params.optional("output", "What it leaves; null where absent.") ?? .null
        guard let error = try params.optional("error", as: Parameters.self, "Instead of an output: why there is none.")
        else { return }
        self.error = Failure(
            kind: try error.optional("kind", "A stable kind; without it `step.failed`."),
            message: try error.required("message", "A sentence for a person."),
            isRetryable: try error.optional("retryable", "Whether another attempt may help; without it true."),
            data: try error.optional("data", "What else is known."))
    }
}
