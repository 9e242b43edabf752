extension Form {
    static let document = Form(
        [
            Member(
                "$schema", .string, "Where the schema of documents is, so that an editor completes and checks this one."
            ),
            Member(
                "name", .string, isRequired: true,
                "What the workflow is called: 1 to 128 letters, digits, and the marks . _ - /."),
            Member("description", .string, "What the workflow is for."),
            Member("input", .schema, "The JSON Schema that a run's input must fit."),
            Member("state", .map(.data), "The members the state begins with."),
            Member("output", .template, "What the run's output is; without it the last step's result."),
            Member(
                "redact", .list(.string),
                "What is hidden in whatever leaves the engine: paths such as input.password or steps.login.result.key."),
            Member("agents", .map(.object("agent")), "Models with their instructions, by the names agent steps use."),
            Member("flow", .object("flow"), "The steps, and where to start."),
            Member("program", .string, "A program that a client hosts, by its name, in the place of a flow."),
            Member("cleanup", .object("flow"), "A flow that runs when the run is cancelled, before it ends."),
        ] + patterns)

    /// A flow that stands where a step could.
    static let block = Form([
        Member("flow", .object("flow"), isRequired: true, "The steps, and where to start."),
        Member("output", .template, "What the flow leaves; without it the last step's result."),
        Member("description", .string, "What the flow is for."),
    ])

    static let retry = Form([
        Member("attempts", .count(atLeast: 1), "How many attempts there may be, the first included."),
        Member("delayMs", .milliseconds, "How long to wait before the next attempt."),
        Member("backoff", .choice(of: RetryPolicy.Backoff.self), "How the delay grows from attempt to attempt."),
        Member("maxDelayMs", .milliseconds, "What the delay grows to at most."),
        Member(
            "jitter", .either([.bool, .fraction]),
            "Which part of the delay is left to chance, from 0 to 1, or true for all."),
        Member("nonRetryable", .list(.string), "Kinds of failure that another attempt cannot help."),
    ])

    static let way = Form([
        Member(
            "when", .string,
            "A condition in CEL, such as result.status == 'approved'; without it this way is the default."),
        Member("to", .string, isRequired: true, "The step to go to, or END."),
    ])

    /// Those that others refer to by name.
    static let named: [(name: String, form: Form)] = [
        ("agent", agent), ("agentTool", agentTool), ("toolApproval", toolApproval), ("retry", retry), ("way", way),
        ("approval", approval), ("input", input),
        ("forEach", forEach), ("fail", fail), ("routing", routing), ("orchestratorWorkers", orchestratorWorkers),
        ("parallelization", parallelization), ("evaluatorOptimizer", evaluatorOptimizer), ("criterion", criterion),
    ]
}
