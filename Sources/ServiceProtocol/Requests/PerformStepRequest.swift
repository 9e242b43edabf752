package import JSON
package import RPC

package struct PerformStepRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "step/perform"

    package static var about: RequestDescription {
        RequestDescription(
            "Has the service perform a step of a program: an approval, a wait, a command, whatever a document can say.",
            "It is answered when the step has ended, days later if need be. A step that failed answers with an error of its kind.",
            result: .object([.required("output", .any, "What the step leaves.")]),
            errors: [
                .executionNotFound, .stepDuplicateKey, .workflowChanged, .workflowInvalid, .stepHandlerMissing,
                .limitExceeded, .runInvalidTransition,
            ],
            hasOtherErrors: true,
            example: Example(
                #"""
                {"executionId": "0199e7a2-6b1c-7d3e-8f00-52d1c0a9be41", "key": "gate",
                "step": {"approval": {"message": "Deploy?"}}}
                """#,
                gives: #"{"output": {"status": "approved", "approver": "ann"}}"#))
    }

    package var executionID: String
    package var key: StepKey
    package var step: JSONObject

    package init(params: Parameters) throws(RPCError) {
        executionID = try params.required("executionId", "Of the `workflow/execute` whose program asks.")
        key = try params.required("key", "What the step is called: unique in the run.")
        step = try params.required("step", "The step as a document writes it, without `next`.")
    }
}
