import RPC

/// What is told of steps.
extension ServiceNotification {
    var stepStarted: MethodDescription {
        event(
            "An attempt of a step has begun.",
            params: [
                .path, .step, .required("kind", .string, "What the step does, such as `call` or `approval`."),
                .required("iteration", .integer(atLeast: 0), "How often the flow had come to the step before."),
                .attempt,
                .optional("input", .any, "What its body gets; told with the first attempt."),
                .optional("until", .moment, "When a wait ends."),
                .optional("definition", .map(.any), "What a step of a program is; told with the first attempt."),
            ],
            example: example(#""path": "build", "step": "build", "kind": "command", "iteration": 1, "attempt": 1"#))
    }

    var stepCompleted: MethodDescription {
        event(
            "A step is done.",
            params: [
                .path, .step, .attempt, .required("output", .any, "What it leaves."),
                .optional("set", .map(.any), "The members of the state that changed."),
                .required("decision", .decision, "Where the flow goes, and why."),
                .required("progress", .progress, "How far the run has come."),
                .optional("reading", .any, "What the output says to the pattern that the step is part of."),
                .optional("scopeResult", .any, "What the scope leaves that ends with this step."),
            ],
            example: example(
                #"""
                "path": "build", "step": "build", "attempt": 1, "output": {"exitCode": 0},
                "decision": {"from": "build", "to": "publish", "reason": "The step is done."},
                "progress": {"current": 1, "total": 3}
                """#))
    }

    var stepFailed: MethodDescription {
        event(
            "An attempt of a step has failed.",
            params: [
                .path, .step, .attempt, .required("error", .failure, "Why."),
                .optional("willRetryAt", .moment, "When the next attempt begins; absent where there is none."),
                .optional("decision", .decision, "Where the flow goes, where the step says so."),
                .optional("scopeResult", .any, "What the scope leaves that ends with this step."),
            ],
            example: example(
                #"""
                "path": "build", "step": "build", "attempt": 1, "willRetryAt": "2026-01-31T09:30:03.114Z",
                "error": {"kind": "command.exited", "message": "make exited with 2.", "retryable": true}
                """#))
    }

    var stepDecided: MethodDescription {
        event(
            "A run goes from one step to another.", "It has the `seq` of the step's `step/completed` or `step/failed`.",
            params: [.path] + Shape.decisionMembers,
            example: example(
                #""path": "build", "from": "build", "to": "publish", "reason": "The step is done.""#))
    }

    var log: MethodDescription {
        event(
            "Something was written to the run's log.", params: Shape.logMembers,
            example: example(#""level": "info", "message": "Three files.", "step": "build""#))
    }

    var textDelta: MethodDescription {
        delta(
            "An attempt says something.",
            """
            Offsets have no gaps within an attempt. Pieces that leave together are joined, and none is dropped. Whoever
            subscribes in the middle first gets all that was said so far. The journal has the whole alone: it is the
            step's output.
            """, "release ")
    }

    var thinkingDelta: MethodDescription {
        delta(
            "A model thinks before it speaks.",
            """
            Offsets are of what the attempt has thought, and have no gaps. It is told and not kept: whoever subscribes in
            the middle first gets what was thought in the turn under way.
            """, "Which files? ")
    }

    private func delta(_ summary: String, _ details: String, _ text: String) -> MethodDescription {
        sent(
            summary, details,
            params: [
                .runID, .optional("executionId", .string, "The execution it belongs to."),
                .required("stepId", .string, "The step's name."), .path, .attempt,
                .required(
                    "offset", .integer(atLeast: 0), "Where the text begins, in UTF-8 bytes of all that came before."),
                .required("text", .string, "The text."),
            ],
            example: #"""
                {"runId": "nightly-7", "executionId": "0199e7a2-6b1c-7d3e-8f00-52d1c0a9be41", "stepId": "draft",
                "path": "draft", "attempt": 1, "offset": 12, "text": "\#(text)"}
                """#)
    }
}
