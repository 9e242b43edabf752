extension Form {
    /// What every kind of step may say.
    static let step = Form([
        Member("description", .string, "What the step is for."),
        Member(
            "set", .map(.template), "State members that change when the step completes, before the way on is chosen."),
        Member("output", .schema, "The JSON Schema that the step's result must fit."),
        Member("timeoutMs", .milliseconds, "How long one attempt may take."),
        Member("heartbeatTimeoutMs", .milliseconds, "How long an attempt may stay silent."),
        Member("retry", .object("retry"), "How often, and how soon, a failed attempt is tried again."),
        Member(
            "onError", .string, "The step to go to when the last attempt failed, or END; without it the run fails."),
        Member(
            "onInterrupted", .choice(of: InterruptionPolicy.self),
            "What happens to an attempt whose outcome nobody knows, after a crash for example."),
        Member("compensate", .object("undo"), "A step that undoes this one when the run fails or is cancelled later."),
        Member(
            "next", .either([.string, .list(.object("way"), atLeast: 1)]),
            "Where to go then: a step, END, or a list of ways of which the first whose condition holds is taken."),
    ])

    /// What a kind of step may say beside that. The first member is the one that makes a step one of this kind.
    struct Kind: Sendable {
        let form: Form
        /// Whether something runs outside the engine, attempt by attempt.
        let hasBody: Bool

        var name: String { form.members[0].name }
    }

    static let kinds: [Kind] =
        [
            kind(
                [
                    Member("call", .string, isRequired: true, "A handler that the client hosts, by its name."), with,
                ], hasBody: true),
            kind(command, hasBody: true),
            kind(
                [
                    Member(
                        "agent", .either([.string, .object("agent")]), isRequired: true,
                        "A model, streamed: the name of an agent of the document, or an agent in place."),
                    Member("prompt", .template, isRequired: true, "What the model is asked."),
                ], hasBody: true),
            kind(
                [
                    Member("tool", .string, isRequired: true, "A tool of an MCP server: server/name."), with,
                ], hasBody: true),
            kind([
                Member("workflow", .string, isRequired: true, "Another workflow, by its name: it runs as a child."),
                with,
            ]),
            kind([Member("approval", .object("approval"), isRequired: true, "A decision that people make.")]),
            kind([Member("input", .object("input"), isRequired: true, "A value that a person gives.")]),
            kind([
                Member(
                    "parallel", .map(.object("block"), atLeast: 1), isRequired: true,
                    "Named branches that run at the same time: each a step or a flow."),
                failureStrategy,
            ]),
            kind([Member("forEach", .object("forEach"), isRequired: true, "The same for each element of a list.")]),
        ] + patterns.map { kind([$0]) } + [
            kind([
                Member(
                    "wait", .either([.object("wait"), .list(.object("wait"), atLeast: 1)]), isRequired: true,
                    "A duration, a moment or a signal; of several in a list the first ends the wait.")
            ]),
            kind([
                Member(
                    "set", .map(.template), isRequired: true, "State members that change; the step does nothing else.")
            ]),
            kind([Member("fail", .object("fail"), isRequired: true, "The run fails here, with a kind and a message.")]),
        ]

    static func kind(_ name: String) -> Kind? { kinds.first { $0.name == name } }

    private static func kind(_ members: [Member], hasBody: Bool = false) -> Kind {
        Kind(form: Form(members), hasBody: hasBody)
    }

    static let with = Member("with", .template, "What it is given as its input.")

    static let failureStrategy = Member(
        "failureStrategy", .choice(of: FailureStrategy.self),
        "Whether the first failure inside ends the step, or all run and the result tells of each.")

    static let maxConcurrency = Member(
        "maxConcurrency", .count(atLeast: 1), "How many may be under way at once; without it up to 1,000.")

    private static let command = [
        Member(
            "command", .list(.template, atLeast: 1), isRequired: true,
            "A local process, without a shell: its program, which is literal, and its arguments."),
        Member("cwd", .template, "The folder it runs in."),
        Member(
            "env", .map(.template),
            "Environment variables it has beside the few that all have; one may be {\"secret\": NAME}."),
        Member("stdin", .template, "What it reads on its standard input."),
        Member("okExitCodes", .list(.integer), "The exit codes that are no failure; without it only 0."),
    ]

    static let approval = Form([
        Member("message", .template, isRequired: true, "What the person is asked."),
        Member("show", .template, "What the person is shown beside the message."),
        Member("approvers", .orTemplate(.list(.string, atLeast: 1)), "Who may decide; without it anyone."),
        Member("required", .count(atLeast: 1), "How many approvals it takes; without it one."),
        Member("expiresAfterMs", .milliseconds, "How long the question stays open."),
        Member("onExpiry", .choice(of: ExpiryPolicy.self), "What it becomes when nobody decided in time."),
    ])

    static let input = Form([
        Member("prompt", .template, isRequired: true, "What the person is asked."),
        Member("schema", .schema, "The JSON Schema that the answer must fit."),
        Member("default", .template, "The answer when nobody answered in time; without it the step fails."),
        Member("expiresAfterMs", .milliseconds, "How long the question stays open."),
    ])

    static let forEach = Form([
        Member("in", .orTemplate(.list(.template)), isRequired: true, "The list, or a ${…} that gives it."),
        Member("as", .string, "The name an element goes by inside; without it item. Its place in the list is index."),
        Member("do", .object("block"), isRequired: true, "What is done for each: a step or a flow."),
        maxConcurrency, failureStrategy,
        Member(
            "key", .template, "What an element is called by those that depend on it; without it its place."),
        Member("dependsOn", .template, "The keys of the elements that must be done before this one starts."),
    ])

    static let wait = Form([
        Member("durationMs", .orTemplate(.milliseconds), "How long to wait."),
        Member("until", .string, "The moment to wait for, such as 2030-01-31T09:00:00Z."),
        Member("signal", .string, "The name of the signal to wait for."),
    ])

    static let fail = Form([
        Member("kind", .template, isRequired: true, "A stable name of the failure, such as order.outOfStock."),
        Member("message", .template, isRequired: true, "One sentence for a person."),
    ])
}
