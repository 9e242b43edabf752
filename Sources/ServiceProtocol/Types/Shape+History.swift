import RPC

/// What is told of a run's past.
extension Shape {
    static var event: Shape {
        .named(
            "Event",
            .object([
                .seq, .at, .required("type", .string, "The method of its notification."),
                .optional("executionId", .string, "The execution it belongs to; absent before the first start."),
                .required("data", .map(.any), "The notification's own members."),
            ]))
    }

    static var stepEntry: Shape {
        .named(
            "StepEntry",
            .object([
                .path, .step, .required("kind", .string, "What the step does, such as `call` or `approval`."),
                .required("iteration", .integer(atLeast: 0), "How often the flow had come to the step before."),
                .required(
                    "status",
                    .choice(["pending", "running", "awaiting", "retrying", "completed", "failed", "cancelled"]),
                    "Where the step is."),
                .required("attempt", .integer(atLeast: 0), "Its last attempt, from 1; 0 before the first."),
                .required("input", .any, "What its body got; null when nothing."),
                .optional("output", .any, "What it left."), .optional("error", .failure, "Why it failed."),
                .required("startedAt", .moment, "When it was entered."),
                .optional("endedAt", .moment, "When it ended."),
                .optional("durationMs", .milliseconds, "How long it took."),
            ]))
    }

    static var decisionMembers: [Members.Member] {
        [
            .required("from", .string, "The name of the step that was done."),
            .required("to", .string, "The name of the step that follows, or END."),
            .optional("condition", .string, "The condition that was true, where there was a choice."),
            .optional("value", .any, "Its value."), .required("reason", .string, "Why, in words."),
        ]
    }

    static var decisionEntry: Shape {
        .named("DecisionEntry", .object([.seq, .at, .path] + decisionMembers))
    }

    static var decision: Shape { .named("Decision", .object(decisionMembers)) }

    static var logEntry: Shape {
        .named("LogEntry", .object([.seq, .at] + logMembers))
    }

    static var logMembers: [Members.Member] {
        [
            .required("level", .choice(["debug", "info", "warning", "error"]), "How much it matters."),
            .required("message", .string, "What was said."),
            .optional("step", .string, "The path of the step that said it."),
        ]
    }

    static var nextAfterSeq: Members.Member {
        .optional("nextAfterSeq", .sequence, "The `afterSeq` of the next page; absent on the last one.")
    }
}
