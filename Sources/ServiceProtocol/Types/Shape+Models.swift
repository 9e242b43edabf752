import RPC

/// What goes to a model that the client hosts, and what comes back.
extension Shape {
    static var modelRequestMembers: [Members.Member] {
        [
            .required("model", .string, "Which model, without its provider."),
            .optional("system", .string, "Its instructions."),
            .required("messages", .list(.modelMessage), "What was said so far, oldest first; they only grow."),
            .optional("tools", .list(.modelTool), "What it may call."),
            .optional("output", .any, "The JSON Schema that the last answer must fit."),
            .optional("maxTokens", .sequence, "How long the answer may be."),
            .optional("temperature", .number, "How free it is."), .optional("topP", .number, "How broad it is."),
            .optional("thinkingTokens", .sequence, "How much it may think."),
            .optional("stop", .list(.string), "Texts that end the answer."),
        ]
    }

    /// `{text?, toolCalls?, usage?, state?}`.
    static var modelAnswer: Shape {
        .named(
            "ModelAnswer",
            .object([
                .optional("text", .string, "What the model says; without it what was streamed."),
                .optional("toolCalls", .list(toolCall), "What it calls before it goes on."),
                .optional("usage", .modelUsage, "What the turn took."),
                .optional("state", .any, "What the provider must see again in the next request."),
                .optional("stopReason", .choice(["length", "refusal"]), "Why it ended before its end, if it did."),
            ]))
    }

    private static var modelMessage: Shape {
        .named(
            "ModelMessage",
            .object([
                .required("role", .choice(["user", "assistant", "tool"]), "Who says it."),
                .optional("text", .string, "What the user or the assistant says."),
                .optional("toolCalls", .list(toolCall), "What the assistant calls."),
                .optional("state", .any, "What came with the assistant's answer."),
                .optional("callId", .string, "Of a tool: the call it answers."),
                .optional("tool", .string, "What the tool is called."),
                .optional("output", .any, "What the tool left."),
                .optional("error", .failure, "Why it left nothing."),
            ]))
    }

    private static var toolCall: Shape {
        .named(
            "ToolCall",
            .object([
                .optional("callId", .string, "The model's own name for the call; the service always has one."),
                .required("tool", .string, "What the tool is called."),
                .optional("input", .any, "What it is given; an empty object where absent."),
            ]))
    }

    private static var modelTool: Shape {
        .named(
            "ModelTool",
            .object([
                .required("name", .string, "What it is called."),
                .required("description", .string, "What it does."),
                .required("input", .any, "The JSON Schema of what it is given."),
            ]))
    }
}
