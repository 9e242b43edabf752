import Expressions
import JSON

// Models with their instructions and tools.

extension WorkflowParser {
    mutating func agentStep(_ object: JSONObject, at pointer: JSONPointer) -> AgentStep? {
        let place = pointer.appending("agent")
        let prompt = reader.template("prompt", of: object, at: pointer)
        var agent: Agent?
        switch object["agent"] {
        case .string(let name)?:
            agent = agents[name]
            if let known = agentNames, !known.contains(name) {
                let near = reader.nearest(to: name, among: known)
                reader.report(
                    Problem(
                        "agent.unknown", at: place, "No agent \"\(name.excerpt)\" is declared.",
                        hint: near.map { "Did you mean \"\($0)\"?" } ?? "Declare it under the document's \"agents\"."))
            }
        case .object(let members)?: agent = self.agent(.object(members), at: place)
        case let other?: reader.reportType(other, at: place, expected: "an agent's name, or an object with its model")
        case nil: break
        }
        guard let agent, let prompt else { return nil }
        return AgentStep(agent: agent, prompt: prompt)
    }

    mutating func agent(_ value: JSONValue, at pointer: JSONPointer) -> Agent? {
        guard let object = reader.object(value, at: pointer, as: .agent) else { return nil }
        let model = reader.string("model", of: object, at: pointer)
        let system = reader.template("system", of: object, at: pointer)
        let tools = agentTools(object, at: pointer)
        let output = form("output", of: object, at: pointer)
        let verification = verification(object, at: pointer)
        let maxTurns = reader.integer("maxTurns", of: object, at: pointer, minimum: 1)
        let settings = modelSettings(object, at: pointer)
        return model.map {
            Agent(
                model: $0, system: system, tools: tools, maxTurns: maxTurns ?? Agent.defaultTurnLimit, output: output,
                verification: verification, settings: settings)
        }
    }

    private mutating func modelSettings(_ object: JSONObject, at pointer: JSONPointer) -> ModelSettings {
        var settings = ModelSettings()
        settings.maxTokens = reader.integer("maxTokens", of: object, at: pointer, minimum: 1)
        settings.temperature = reader.number("temperature", of: object, at: pointer)
        settings.topP = reader.fraction("topP", of: object, at: pointer)
        settings.thinkingTokens = reader.integer("thinkingTokens", of: object, at: pointer, minimum: 1)
        settings.stop = reader.strings("stop", of: object, at: pointer) ?? []
        return settings
    }

    private mutating func form(_ name: String, of object: JSONObject, at pointer: JSONPointer) -> Agent.Form? {
        guard let schema = reader.present(name, in: object) else { return nil }
        return reader.schema(schema, at: pointer.appending(name)).map { Agent.Form(schema: schema, validator: $0) }
    }

    private mutating func verification(_ object: JSONObject, at pointer: JSONPointer) -> Agent.Verification? {
        guard let value = reader.present("verify", in: object) else { return nil }
        let place = pointer.appending("verify")
        guard case .string(let source) = value else { return verifyingStep(value, of: object, at: place) }
        let condition = reader.expression(source, at: place)
        if let condition { warnOfConstant(condition, at: place) }
        return condition.map { .condition($0) }
    }

    private mutating func verifyingStep(
        _ value: JSONValue, of agent: JSONObject, at pointer: JSONPointer
    ) -> Agent.Verification? {
        // Agents may name each other here in any order, so they are known before their verifications are read.
        if agentReading == .declaring { return nil }
        let named = value["agent"]?.string.flatMap { declaredAgents[$0]?["verify"] } ?? .null
        if agentReading == .verifying || !named.isNull {
            reader.report(
                Problem("agent.verifierVerified", at: pointer, "What verifies an answer is not verified itself."))
            return nil
        }
        agentReading = .verifying
        defer { agentReading = .whole }
        let step = within(pointer) { parser in
            parser.after([["agent": .object(agent)]]) { $0.step(value, name: "verify", at: pointer, .alone()) }
        }
        return step.map { .step($0) }
    }

    mutating func readAgents(_ object: JSONObject, bound names: [String]) {
        guard let value = reader.present("agents", in: object) else { return }
        let pointer = JSONPointer().appending("agents")
        guard case .object(let declared) = value else {
            agentNames = nil
            return reader.reportType(value, at: pointer, expected: "an object")
        }
        agentNames = declared.keys.map(\.self)
        declaredAgents = declared
        reader.around.isAnywhere = true
        defer { reader.around.isAnywhere = false }
        binding(names + Pattern.boundNames) { parser in
            var first = parser
            first.agentReading = .declaring
            for (name, value) in declared { parser.agents[name] = first.agent(value, at: pointer.appending(name)) }
            for (name, value) in declared { parser.agents[name] = parser.agent(value, at: pointer.appending(name)) }
        }
    }

    // MARK: Tools

    private mutating func agentTools(_ object: JSONObject, at pointer: JSONPointer) -> [AgentTool] {
        guard let value = reader.present("tools", in: object) else { return [] }
        let place = pointer.appending("tools")
        guard case .array(let values) = value else {
            reader.reportType(value, at: place, expected: "a list of {name, description, input, call, command or tool}")
            return []
        }
        var names: Set<String> = []
        return values.enumerated().compactMap { index, value in
            let place = place.appending(index)
            let tool = binding([AgentTool.argumentsName, AgentTool.calledName]) { $0.agentTool(value, at: place) }
            if let tool, !names.insert(tool.name).inserted {
                reader.report(
                    Problem(
                        "agent.duplicateTool", at: place, "Another tool of this agent is called \"\(tool.name)\".",
                        hint: "Give one of them another name."))
            }
            return tool
        }
    }

    private mutating func agentTool(_ value: JSONValue, at pointer: JSONPointer) -> AgentTool? {
        guard let object = reader.object(value, at: pointer, as: .agentTool) else { return nil }
        let kinds = Form.toolKinds.filter { reader.present($0.name, in: object) != nil }
        guard let kind = kinds.first, kinds.count == 1 else {
            let names = Form.toolKinds.map(\.name).joined(separator: ", ")
            reader.report(
                Problem(
                    "document.ambiguousTool", at: pointer,
                    "A tool is one of \(names); this one is \(kinds.count) of them."))
            return nil
        }
        for member in Form.toolKinds.filter({ $0.name != kind.name }).flatMap({ $0.form.members.dropFirst() })
        where reader.present(member.name, in: object) != nil {
            reader.report(
                Problem(
                    "step.noEffect", at: pointer.appending(member.name),
                    "\"\(member.name)\" has no effect on a tool of the kind \"\(kind.name)\".", hint: "Take it out.",
                    severity: .warning))
        }
        var description = reader.string("description", of: object, at: pointer)
        var input = form("input", of: object, at: pointer)
        guard let body = toolBody(kind.name, of: object, at: pointer) else { return nil }
        if body.isAllTools {
            (description, input) = (nil, nil)
            for member in ["description", "input"] where reader.present(member, in: object) != nil {
                reader.report(
                    Problem(
                        "step.noEffect", at: pointer.appending(member),
                        "\"\(member)\" has no effect on all tools of a server: each has its own.", hint: "Take it out.",
                        severity: .warning))
            }
        }
        warnOfMissingHandler(object, at: pointer)
        guard let name = toolName(object, body, at: pointer) else { return nil }
        if kind.name != "tool" {
            for member in ["description", "input"] where reader.present(member, in: object) == nil {
                reader.reportMissing(member, at: pointer, hint: "The model knows the tool by it.")
            }
        }
        let limit = reader.integer("maxResultBytes", of: object, at: pointer, minimum: 1)
        let shown = body.isAllTools ? "${\(AgentTool.calledName)}" : name
        let approval = toolApproval(object, of: shown, at: pointer)
        let retry = reader.present("retry", in: object).map { reader.retryPolicy($0, at: pointer.appending("retry")) }
        let step = Step(
            name: name, description: description, kind: body, set: nil, output: nil,
            timeout: reader.duration("timeoutMs", of: object, at: pointer), heartbeatTimeout: nil,
            retry: retry ?? RetryPolicy(), onError: nil,
            onInterrupted: reader.choice("onInterrupted", of: object, at: pointer) ?? .retry, next: .always(.end),
            source: object)
        return AgentTool(
            name: name, description: description, input: input, step: step, approval: approval,
            maxResultBytes: limit ?? AgentTool.defaultResultLimit)
    }

    private mutating func toolBody(_ kind: String, of object: JSONObject, at pointer: JSONPointer) -> StepKind? {
        isTool = true
        defer { isTool = false }
        switch kind {
        case "call": return reader.string("call", of: object, at: pointer).map { .call(CallStep(handler: $0)) }
        case "tool":
            let with = reader.template(Form.with.name, of: object, at: pointer)
            return toolStep(object, with: with, at: pointer).map { .tool($0) }
        default:
            guard var command = command(object, at: pointer) else { return nil }
            if command.stdin == nil { command.stdin = try? Template(parsing: "${\(AgentTool.argumentsName)}") }
            return .command(command)
        }
    }

    private mutating func toolName(_ object: JSONObject, _ body: StepKind, at pointer: JSONPointer) -> String? {
        if let name = reader.string("name", of: object, at: pointer) {
            if body.isAllTools { return isNameOfAll(name, at: pointer.appending("name")) ? name : nil }
            checkLabel(name, at: pointer.appending("name"))
            return Self.isStepName(name) ? name : nil
        }
        guard case .tool(let tool) = body else {
            if reader.present("name", in: object) == nil { reader.reportMissing("name", at: pointer) }
            return nil
        }
        if body.isAllTools { return ToolStep.all }
        let name = String(tool.tool.map { Self.isStepName(String($0)) ? $0 : "_" }.prefix(64))
        return Self.isStepName(name) ? name : nil
    }

    /// `*` stands for each tool's own name.
    private mutating func isNameOfAll(_ name: String, at pointer: JSONPointer) -> Bool {
        if name.utf8.last == UInt8(ascii: "*"), Self.isStepName(name.dropLast() + "x") { return true }
        reader.report(
            Problem(
                "document.badName", at: pointer,
                "All tools of a server have a name that ends in *, which stands for each one's own, such as \"git_*\".")
        )
        return false
    }

    private mutating func toolApproval(
        _ object: JSONObject, of tool: String, at pointer: JSONPointer
    ) -> ApprovalStep? {
        let place = pointer.appending("approval")
        var members: JSONObject
        switch reader.present("approval", in: object) {
        case nil, .bool(false): return nil
        case .bool(true): members = [:]
        case .object(let object)?:
            _ = reader.object(.object(object), at: place, as: .toolApproval)
            members = [:]
            for name in Form.toolApproval.names { members[name] = object[name] }
        case let other?:
            reader.reportType(other, at: place, expected: "true, false, or an object with an approval's members")
            return nil
        }
        if reader.present("message", in: members) == nil {
            members["message"] = .string("May the model call the tool \"\(tool)\"?")
        }
        if reader.present("show", in: members) == nil {
            members["show"] = ["tool": .string(tool), "input": .string("${\(AgentTool.argumentsName)}")]
        }
        return approval(.object(members), at: place)
    }

    mutating func toolStep(_ object: JSONObject, with: Template?, at pointer: JSONPointer) -> ToolStep? {
        guard let name = reader.string("tool", of: object, at: pointer) else { return nil }
        let place = pointer.appending("tool")
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            reader.reportType(.string(name), at: place, expected: "a server and its tool, such as \"files/search\"")
            return nil
        }
        if parts[1] == ToolStep.all, !isTool {
            reader.reportType(.string(name), at: place, expected: "one tool; only an agent may have all of a server")
            return nil
        }
        warnOfMissingServer(String(parts[0]), at: place)
        return ToolStep(server: String(parts[0]), tool: String(parts[1]), with: with)
    }

    private mutating func warnOfMissingServer(_ server: String, at pointer: JSONPointer) {
        guard let servers, !servers.contains(server) else { return }
        let near = reader.nearest(to: server, among: servers)
        reader.report(
            Problem(
                "tool.serverMissing", at: pointer, "No MCP server \"\(server.excerpt)\" is configured here.",
                hint: near.map { "Did you mean \"\($0)\"?" }
                    ?? "Configure it in initialize under config.mcpServers.", severity: .warning))
    }
}

extension StepKind {
    fileprivate var isAllTools: Bool {
        if case .tool(let tool) = self { tool.tool == ToolStep.all } else { false }
    }
}
