import RPC

/// Questions to people.
extension Shape {
    static var interaction: Shape {
        .named("Interaction", .object([.interactionRun, .interactionExecution] + interactionMembers))
    }

    static var interactionMembers: [Members.Member] {
        [
            .required("interactionId", .string, "The question."),
            .required("kind", .interactionKind, "Whether it asks for a decision or for a value."),
            .required("path", .string, "The path of the step that asks."),
            .optional("message", .string, "What an approval asks."),
            .optional("prompt", .string, "What an input asks."),
            .optional("show", .any, "What the person should see to decide."),
            .optional("approvers", .list(.string), "Who may decide; absent means anyone."),
            .optional("required", .sequence, "How many must approve."),
            .optional("onExpiry", .choice(["approve"]), "Present where it approves itself when it expires."),
            .optional("schema", .any, "The JSON Schema that an input's answer must fit."),
            .optional("default", .any, "What an expired input answers itself with."),
            .required("votes", .list(.vote), "What was decided so far."),
            .optional(
                "reason", .choice(["interrupted", "budget", "tool"]), "Why the service asks, where no step does."),
            .optional("expiresAt", .moment, "Until when an answer is taken."),
            .required("createdAt", .moment, "When it was asked."),
        ]
    }

    static var interactionKind: Shape { .choice(["approval", "input"]) }

    static var approvalDecision: Shape { .choice(["approved", "rejected"]) }

    static var vote: Shape {
        .named(
            "Vote",
            .object([
                .required("approver", .string, "Who decided, as the host asserts."),
                .required("decision", .approvalDecision, "What they decided."),
                .optional("message", .string, "A word with it."), .required("at", .moment, "When they decided."),
            ]))
    }

    static var answer: Shape {
        .named(
            "Answer",
            .object([
                .required("interactionId", .string, "The question."),
                .required("resolved", .boolean, "Whether it is settled now."), .runSeq,
            ]))
    }
}

extension Members.Member {
    fileprivate static var interactionRun: Members.Member { .required("runId", .string, "The run that asks.") }
    fileprivate static var interactionExecution: Members.Member {
        .required("executionId", .string, "The execution that asks.")
    }
}
