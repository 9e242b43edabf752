import RPC

/// The requests the service sends: what the client hosts.
package enum ServiceRequest: String, Sendable, CaseIterable {
    case stepExecute = "step/execute"

    package var method: MethodDescription {
        switch self {
        case .stepExecute: stepExecute
        }
    }

    private var stepExecute: MethodDescription {
        MethodDescription(
            rawValue, .serverToClient,
            Members([
                .runID, .required("executionId", .string, "The execution it belongs to."),
                .required("stepId", .string, "The step's name."), .path, .attempt,
                .required(
                    "idempotencyKey", .string, "The same for every attempt: what makes the step's effects happen once."),
                .required("handler", .string, "Which handler is called."),
                .required("input", .any, "The step's `with`, evaluated; null when it has none."),
                .optional("deadlineAt", .moment, "When the attempt is given up."),
            ]),
            RequestDescription(
                "Asks the client to perform a step.",
                """
                While it runs the client may send `step/textDelta`, `step/log`, `step/progress` and `step/heartbeat`; the service sends
                `$/cancelRequest` when the attempt is no longer wanted. An error answer fails the attempt, with its code and message kept;
                `data.kind` names the failure, and `data.retryable: false`, or -32601, says that another attempt cannot help.
                """,
                result: .object([.optional("output", .any, "What the step leaves; null where absent.")]),
                example: Example(
                    #"""
                    {"runId": "nightly-7", "executionId": "0199e7a2-6b1c-7d3e-8f00-52d1c0a9be41", "stepId": "clone", "path": "clone",
                    "attempt": 1, "idempotencyKey": "0199e7a2-6b1c/clone", "handler": "git/clone", "input": {"branch": "main"}}
                    """#,
                    gives: #"{"output": {"head": "1f0c9e7"}}"#)))
    }
}
