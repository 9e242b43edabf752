import RPC

/// What is told of an agent's conversation.
extension ServiceNotification {
    var agentTurned: MethodDescription {
        event(
            "An agent's model has answered.", "What it called follows, a `tool/called` each.",
            params: [
                .path, .attempt, .required("turn", .sequence, "Which turn of the attempt it is, from 1."),
                .required("text", .string, "What it said."),
                .required("usage", .modelUsage, "What the turn took; what is absent is 0."),
                .optional("state", .any, "What its provider must see again."),
                .optional("thoughtBytes", .sequence, "How much it has thought, in bytes as they were told."),
                .optional("stopReason", .choice(["length", "refusal"]), "Why it ended before its end, if it did."),
                .optional("verified", .boolean, "True where the agent's verification now looks at the answer."),
            ],
            example: example(
                #""path": "draft", "attempt": 1, "turn": 1, "text": "Let me look.", "usage": {"inputTokens": 210}"#))
    }

    var agentTold: MethodDescription {
        event(
            "An agent's model is told why its answer is not the last one.",
            params: [.path, .attempt, .required("text", .string, "What it is told.")],
            example: example(#""path": "draft", "attempt": 1, "text": "Your answer was checked and not accepted.""#))
    }

    var toolCalled: MethodDescription {
        event(
            "An agent's model has called a tool.",
            params: [
                .required("path", .string, "The path of the call, which is a step."),
                .required("agent", .string, "The path of the agent's step."),
                .required("tool", .string, "What the tool is called."),
                .required("callId", .string, "The model's own name for the call."),
                .required("input", .any, "What the model gives the tool."),
                .optional(
                    "attempt", .sequence,
                    "The attempt that starts with the call; absent where a `step/started` tells of it later."),
            ],
            example: example(
                #"""
                "path": "draft/search#1", "agent": "draft", "tool": "search", "callId": "c1", "input": {"query": "fermata"},
                "attempt": 1
                """#))
    }

    var toolReturned: MethodDescription {
        event(
            "A tool has given what the model is told.",
            params: [
                .required("path", .string, "The path of the call."),
                .required("tool", .string, "What the tool is called."),
                .optional("output", .any, "What it left."), .optional("error", .failure, "Why it left nothing."),
            ],
            example: example(#""path": "draft/search#1", "tool": "search", "output": ["a sign over a note"]"#))
    }
}
