import RPC

/// The requests the service sends: what the client hosts.
package enum ServiceRequest: String, Sendable, CaseIterable {
    case stepExecute = "step/execute"
    case modelGenerate = "model/generate"
    case workflowExecute = "workflow/execute"

    package var method: MethodDescription {
        switch self {
        case .stepExecute: stepExecute
        case .modelGenerate: modelGenerate
        case .workflowExecute: workflowExecute
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
                .required("input", .any, "The step's `with`, evaluated; an empty object when it has none."),
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

    private var modelGenerate: MethodDescription {
        let attempt: [Members.Member] = [
            .runID, .required("executionId", .string, "The execution it belongs to."),
            .required("stepId", .string, "The step's name."), .path, .attempt,
            .optional("deadlineAt", .moment, "When the attempt is given up."),
        ]
        return MethodDescription(
            rawValue, .serverToClient, Members(attempt + Shape.modelRequestMembers),
            RequestDescription(
                "Asks the client for the next turn of an agent's conversation with a model that it hosts.",
                """
                Before the answer the client may send `model/textDelta`; the text of the answer begins with what was streamed. The service sends
                `$/cancelRequest` when the turn is no longer wanted. An error answer fails the attempt with `data.kind`, else as
                `model.unavailable`, and `data.retryable: false` stops the retries.
                """,
                result: .modelAnswer,
                example: Example(
                    #"""
                    {"runId": "nightly-7", "executionId": "0199e7a2-6b1c-7d3e-8f00-52d1c0a9be41", "stepId": "draft", "path": "draft",
                    "attempt": 1, "model": "house", "messages": [{"role": "user", "text": "What changed?"}]}
                    """#,
                    gives: #"{"text": "Three files.", "usage": {"inputTokens": 12, "outputTokens": 4}}"#)))
    }

    private var workflowExecute: MethodDescription {
        MethodDescription(
            rawValue, .serverToClient,
            Members([
                .runID,
                .required("executionId", .string, "The execution, which the program names in all that it asks."),
                .required("workflow", .string, "Which program is called."),
                .required("input", .any, "What the run was given; null when nothing was."),
                .optional("deadlineAt", .moment, "When the run's timeout passes."),
            ]),
            RequestDescription(
                "Asks the client to run a program that it hosts.",
                """
                It stays open as long as the program runs. The program's steps are made durable by `step/begin`, `step/complete` and
                `step/perform`; after a crash of either side the same execution is asked for again. An error answer fails the run: `data.kind`,
                else `handler.failed`, and the message are kept. `$/cancelRequest` says that the execution is not wanted any more.
                """,
                result: .object([.optional("output", .any, "The run's output; null where absent.")]),
                example: Example(
                    #"""
                    {"runId": "nightly-7", "executionId": "0199e7a2-6b1c-7d3e-8f00-52d1c0a9be41", "workflow": "deploy",
                    "input": {"branch": "main"}}
                    """#,
                    gives: #"{"output": {"deployed": "app:7"}}"#)))
    }
}
