import RPC

/// The session and its settings.
extension Shape {
    static var session: Shape {
        .named(
            "Session",
            .object([
                .required("protocolVersion", .string, "The version that the session speaks."),
                .required("serverInfo", .object(serverInfo), "Who the service is."),
                .required("capabilities", .object(capabilities), "What it can do."),
                .required("limits", .object(limits), "What it takes at most."),
                .required("schemaHash", .string, "The hash of what `rpc.discover` gives: SHA-256, in hexadecimal."),
                .required(
                    "recovered", .object([.required("runs", .integer(atLeast: 0), "How many runs nobody performs.")]),
                    "What it found in its store."),
            ]))
    }

    private static var serverInfo: [Members.Member] {
        [
            .required("name", .string, "`fermata`."),
            .required("version", .string, "Which version of it this is."),
        ]
    }

    private static var capabilities: [Members.Member] {
        [
            .required(
                "steps", .object([.required("kinds", .list(.string), "What a step of a workflow can be.")]),
                "What it knows of steps."),
            .required("commands", .boolean, "Whether workflows may run local commands in this session."),
            .required("methods", .list(.string), "The requests that it answers."),
        ]
    }

    private static var limits: [Members.Member] {
        [
            .required("maxMessageBytes", .sequence, "The bytes of a message."),
            .required("maxPayloadBytes", .sequence, "The bytes of a value: an input, an output, an answer, a payload."),
            .required("maxBatch", .sequence, "The entries of a batch."),
        ]
    }

    static var setting: Shape {
        .named(
            "Setting",
            .object([
                .required("name", .string, "What it is called."), .required("value", .any, "What it is."),
                .required("layer", .layer, "Where it came from."),
                .optional("file", .string, "The file that says it."),
            ]))
    }

    static var configurationFile: Shape {
        .named(
            "ConfigurationFile",
            .object([
                .required("layer", .layer, "What it speaks for."), .required("path", .string, "Where it is."),
                .required("isThere", .boolean, "Whether there is one."),
            ]))
    }

    private static var layer: Shape {
        .choice(["default", "environment", "user", "workspace", "initialize", "flag"])
    }
}
