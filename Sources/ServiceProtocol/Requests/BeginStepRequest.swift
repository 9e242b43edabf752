package import JSON
package import RPC

package struct BeginStepRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "step/begin"

    package static var about: RequestDescription {
        RequestDescription(
            "Asks, from a program, whether a step is recorded, and for leave to run its body.",
            """
            With `recorded` or `failed` the step has ended, and is not run. Else run the body now, and say with `step/complete` how it ended.
            The answer waits while the run is paused, until a failed attempt may be tried again, and for whoever is asked. See
            [programs.md](programs.md).
            """,
            result: .object([
                .optional("recorded", .any, "What the step left."), .optional("failed", .failure, "Why it failed."),
                .optional("attempt", .sequence, "The number of the attempt that the client is to make."),
                .optional("idempotencyKey", .string, "The same for every attempt of the step."),
            ]),
            errors: [
                .executionNotFound, .stepDuplicateKey, .workflowChanged, .workflowInvalid, .limitExceeded,
                .runInvalidTransition,
            ],
            example: Example(
                #"{"executionId": "0199e7a2-6b1c-7d3e-8f00-52d1c0a9be41", "key": "build"}"#,
                gives: #"{"attempt": 1, "idempotencyKey": "nightly-7:build"}"#))
    }

    package var executionID: String
    package var key: StepKey
    package var input: JSONValue?
    package var policy: JSONObject

    package init(params: Parameters) throws(RPCError) {
        executionID = try params.required("executionId", "Of the `workflow/execute` whose program asks.")
        key = try params.required("key", "What the step is called: unique in the run.")
        input = try params.optional("input", "What its body gets, for the record.")
        policy = try StepPolicy.read(params)
    }
}
