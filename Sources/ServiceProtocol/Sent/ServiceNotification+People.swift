import RPC

/// What is told of questions and signals.
extension ServiceNotification {
    var inputRequested: MethodDescription {
        event(
            "A run asks a person for a value.", "It is answered with `execution/respondInput`.",
            params: Shape.interactionMembers,
            example: example(
                #"""
                "interactionId": "0199e7a2-7000-7d3e-8f00-52d1c0a9be41", "kind": "input", "path": "count",
                "prompt": "How many?", "schema": {"type": "integer"}, "votes": [], "createdAt": "2026-01-31T09:30:02.114Z"
                """#))
    }

    var approvalRequested: MethodDescription {
        event(
            "A run asks a person for a decision.", "It is answered with `execution/respondApproval`.",
            params: Shape.interactionMembers,
            example: example(
                #"""
                "interactionId": "0199e7a2-7000-7d3e-8f00-52d1c0a9be41", "kind": "approval", "path": "approve",
                "message": "Publish?", "required": 1, "votes": [], "createdAt": "2026-01-31T09:30:02.114Z"
                """#))
    }

    var voteRecorded: MethodDescription {
        event(
            "Somebody decided, and the approval is not settled yet.",
            params: [
                .required("interactionId", .string, "The question."), .required("vote", .vote, "Who decided what."),
            ],
            example: example(
                #"""
                "interactionId": "0199e7a2-7000-7d3e-8f00-52d1c0a9be41",
                "vote": {"approver": "ann", "decision": "approved", "at": "2026-01-31T09:30:09.000Z"}
                """#))
    }

    var interactionResolved: MethodDescription {
        event(
            "A question is settled.",
            params: [
                .required("interactionId", .string, "The question."),
                .required("kind", .interactionKind, "Whether it asked for a decision or for a value."), .path,
                .required("status", .choice(["approved", "rejected", "answered", "expired"]), "What it came to."),
                .optional("value", .any, "An input's answer."),
                .optional("approver", .string, "Who decided."), .optional("by", .string, "Who answered."),
                .optional("message", .string, "A word with it."),
                .optional("client", .string, "The host that said so."),
            ],
            example: example(
                #"""
                "interactionId": "0199e7a2-7000-7d3e-8f00-52d1c0a9be41", "kind": "approval", "path": "approve",
                "status": "approved", "approver": "ann", "client": "deploy-bot"
                """#))
    }

    var signalReceived: MethodDescription {
        event(
            "A signal came.",
            params: [
                .required("name", .string, "The signal's name."), .optional("payload", .any, "What it says."),
                .optional("idempotencyKey", .string, "What its sender knows it by."),
            ],
            example: example(#""name": "deployed", "payload": {"host": "eu-1"}"#))
    }
}
