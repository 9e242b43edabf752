extension Form {
    static let agent = Form([
        Member("model", .string, isRequired: true, "Which model answers: provider/model."),
        Member("system", .template, "The instructions the model is given before every prompt."),
        Member("tools", .list(.object("agentTool")), "What the model may call in the midst of its answer."),
        Member(
            "maxTurns", .count(atLeast: 1),
            "How often the model may answer, each call of tools an answer; without it \(Agent.defaultTurnLimit)."),
        Member("output", .schema, "The JSON Schema that the model's last answer must fit, which then is JSON."),
        Member(
            "verify", .either([.string, .object("part")]),
            "A condition in CEL, or a step, that looks at the answer; what it objects to, the model is told."),
        Member("maxTokens", .count(atLeast: 1), "How many tokens an answer may have."),
        Member("temperature", .number, "How much of an answer is left to chance, as its provider counts it."),
        Member("topP", .fraction, "From which part of the likeliest words an answer is drawn."),
        Member("thinkingTokens", .count(atLeast: 1), "How many tokens the model may think before it answers."),
        Member("stop", .list(.string), "Texts that end an answer."),
    ])

    static let agentTool = Form(
        [
            Member(
                "name", .string,
                "What the model calls it by; a tool of a server has one already, all tools of one may have theirs within one such as `git_*`."
            ),
            Member("description", .string, "What the model is told of it; a tool of a server has one already."),
            Member("input", .schema, "The JSON Schema of its arguments; a tool of a server has one already."),
            Member(
                "approval", .either([.bool, .object("toolApproval")]), "Whether a person is asked before each call."),
            Member(
                "maxResultBytes", .count(atLeast: 1),
                "How many bytes of a result the model is given, without it \(AgentTool.defaultResultLimit); "
                    + "the middle of a longer one is left out."),
        ] + toolKinds.flatMap(\.form.members).filter { $0.name != with.name }.map(\.optional)
            + Form.step.members.filter { ["timeoutMs", "retry", "onInterrupted"].contains($0.name) })

    /// What performs a tool: one of these.
    static var toolKinds: [Kind] { kinds.filter { ["call", "command", "tool"].contains($0.name) } }

    static let toolApproval = Form(approval.members.map(\.optional))
}

extension Form.Member {
    fileprivate var optional: Form.Member { Form.Member(name, shape, summary) }
}
