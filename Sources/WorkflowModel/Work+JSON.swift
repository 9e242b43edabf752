package import JSON

extension Work {
    /// The step's recorded input, read back as the work it describes; nil for a kind without a body.
    package init?(_ kind: StepKind, input: JSONValue) {
        switch kind {
        case .call(let call): self = .call(handler: call.handler, input: input)
        case .command(let command):
            var work = CommandWork(
                arguments: input["command"]?.array?.compactMap(\.string) ?? [], okExitCodes: command.okExitCodes)
            work.cwd = input["cwd"]?.string
            work.stdin = input["stdin"]?.string
            for (name, value) in input["env"]?.object ?? [:] {
                work.environment[name] = value.string
                work.secrets[name] = value["secret"]?.string
            }
            self = .command(work)
        case .agent(let step):
            guard let model = input["model"]?.string, let prompt = input["prompt"]?.string else { return nil }
            var work = AgentWork(model: model, system: input["system"]?.string, prompt: prompt)
            work.tools = step.agent.tools.map(\.offer)
            work.output = step.agent.output?.schema
            work.settings = step.agent.settings
            self = .agent(work)
        case .tool(let step): self = .tool(ToolWork(server: step.server, tool: step.tool, arguments: input))
        case .program(let program): self = .program(name: program.name, input: input)
        case .hosted: self = .hosted
        case .workflow, .approval, .input, .wait, .parallel, .forEach, .pattern, .set, .fail: return nil
        }
    }
}
