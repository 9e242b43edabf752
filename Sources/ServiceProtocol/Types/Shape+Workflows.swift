import RPC

/// Workflows and what is wrong with them.
extension Shape {
    static var problem: Shape {
        .named(
            "Problem",
            .object([
                .required("pointer", .string, "Where in the document: a JSON pointer."),
                .required("severity", .choice(["error", "warning"]), "Whether the document is refused for it."),
                .required("kind", .string, "A stable kind: `document.missingMember`, `flow.unknownTarget`, …"),
                .required("message", .string, "What is wrong, in a sentence."),
                .optional("hint", .string, "How to mend it."),
            ]))
    }

    static var registeredWorkflow: Shape {
        .named(
            "RegisteredWorkflow",
            .object([
                .required("name", .string, "What the workflow is called."),
                .optional("version", .string, "The hash of its content; absent for a program that the client hosts."),
                .optional("hosted", .boolean, "True for a program that the client hosts."),
                .optional("description", .any, "What the workflow is for."),
                .optional("registeredAt", .moment, "When this version was registered."),
            ]))
    }
}
