import JSON
package import WorkflowModel

// How the facts of an agent's conversation change the run. A call of a tool is a step in a scope of its own, and so is
// what verifies an answer: they start, fail, are asked about and survive a crash as other steps do.

extension Run {
    mutating func apply(_ turned: AgentTurned, at: Timestamp) {
        usage += turned.usage
        usage.countTurn()
        conversations[turned.path, default: Conversation()].add(turned)
        guard turned.isVerified, let owner = active(at: turned.path), case .agent(let step) = owner.step.kind,
            case .step(let verifier)? = step.agent.verification, let conversation = conversations[turned.path]
        else { return }
        conversations[turned.path]?.beginVerification()
        let number = conversation.verifications + 1
        let key = "\(turned.path)/\(verifier.name)" + (number == 1 ? "" : "#\(number)")
        open(verifier, at: key, in: owner, result: conversation.result(of: step.agent), moment: at)
    }

    mutating func apply(_ told: AgentTold, at: Timestamp) {
        conversations[told.path]?.tell(told.text)
        awaitTurn(told.path)
    }

    mutating func apply(_ called: ToolCalled, at: Timestamp) {
        let call = Conversation.Call(path: called.path, id: called.callID, tool: called.tool, input: called.input)
        conversations[called.agent]?.call(call)
        usage.countCall()
        guard let owner = active(at: called.agent), case .agent(let step) = owner.step.kind,
            let tool = step.agent.tool(called.tool)
        else { return }
        let result = scope(owner.scope)?.lastResult ?? .null
        let bound: JSONObject = [AgentTool.argumentsName: called.input, AgentTool.calledName: .string(called.tool)]
        open(tool.step, at: called.path, in: owner, binding: bound, result: result, moment: at)
        // What a handler and a server get is what the model said. A command's words are made of it.
        if case .command = tool.step.kind { return }
        change(called.path) { call in
            call.recordedInput = called.input
            guard let attempt = called.attempt else { return }
            call.attempt = attempt
            call.phase = .running(since: at)
        }
        highestAttempt = max(highestAttempt, called.attempt ?? 0)
    }

    mutating func apply(_ returned: ToolReturned, at: Timestamp) {
        guard let key = inner[returned.path]?.owner.path ?? owner(ofCallAt: returned.path) else { return }
        conversations[key]?.settle(returned.path, returned.result)
        _ = removeActive(returned.path)
        inner[returned.path] = nil
        interactions.removeAll { $0.path == returned.path }
        approvedCalls.remove(returned.path)
        if conversations[key]?.isCalling == false { awaitTurn(key) }
    }

    /// A call of a tool that is none has no step.
    private func owner(ofCallAt path: String) -> String? {
        conversations.first { $0.value.turns.last?.calls.contains { $0.path == path } ?? false }?.key
    }

    private mutating func open(
        _ step: Step, at key: String, in owner: ActiveStep, binding bound: JSONObject = [:], result: JSONValue,
        moment: Timestamp
    ) {
        let outer = scope(owner.scope)
        var locals = outer?.locals ?? [:]
        for (name, value) in bound { locals[name] = value }
        let flow = Flow(single: step)
        inner[key] = Scope(
            key: key, flow: flow, owner: .step(path: owner.path, position: 0), at: moment, locals: locals,
            results: outer?.results ?? [:], lastResult: result)
        enter(flow.start, in: key, at: moment)
        if case .running(let since) = owner.phase { change(owner.path) { $0.phase = .open(since: since) } }
    }

    /// Nothing is under way inside any more: it is the model's turn.
    private mutating func awaitTurn(_ path: String) {
        guard case .open(let since) = active(at: path)?.phase else { return }
        change(path) { $0.phase = .running(since: since) }
    }

    // MARK: Attempts

    /// A new attempt goes on with what the one before has left: calls of tools, or a verification.
    mutating func resumeTurn(of path: String, at: Timestamp) {
        guard conversations[path] != nil, inner.values.contains(where: { $0.owner.path == path }) else { return }
        change(path) { $0.phase = .open(since: at) }
    }

    /// An attempt that failed while it waited, for the model or for a tool, goes on from its turns in the next one. Where
    /// the conversation itself has failed, it begins anew.
    mutating func renewConversation(of path: String) {
        guard let conversation = conversations[path], case .agent(let step)? = active(at: path)?.step.kind,
            conversation.isAnswered || conversation.turns.count >= step.agent.maxTurns
        else { return }
        withdraw(below: path)
        active.removeAll { $0.path.isBelow(path) }
        conversations[path] = conversation
        conversations[path]?.renew()
    }

    /// The agent's next turn waits for its budget.
    mutating func hold(_ path: String) {
        guard let active = active(at: path) else { return }
        if case .running = active.phase { conversations[path]?.isHeld = true }
    }

    mutating func grantModelBudget(for path: String, at: Timestamp) {
        modelBudgetGrants += 1
        guard conversations[path]?.isHeld == true else { return }
        conversations[path]?.isHeld = false
        change(path) { $0.phase = .running(since: at) }
    }
}

extension Run {
    /// The call of a model that a step performs; nil for other steps.
    func toolCall(of active: ActiveStep) -> (agent: ActiveStep, call: Conversation.Call)? {
        guard !conversations.isEmpty, let path = owner(ofScope: active.scope),
            let call = conversations[path]?.turns.last?.calls.first(where: { $0.path == active.path }),
            let agent = self.active(at: path)
        else { return nil }
        return (agent, call)
    }

    /// Whether a step performs the call of a model.
    package func isToolCall(_ active: ActiveStep) -> Bool { toolCall(of: active) != nil }

    /// The same of the step at a place, which is not copied for it.
    func isToolCall(at index: Int) -> Bool { !conversations.isEmpty && isToolCall(active[index]) }

    /// The agent whose answer a step looks at; nil for other steps.
    func agent(verifiedBy active: ActiveStep) -> ActiveStep? {
        guard !conversations.isEmpty, let path = owner(ofScope: active.scope),
            let agent = self.active(at: path), case .agent = agent.step.kind, toolCall(of: active) == nil
        else { return nil }
        return agent
    }

    /// Whether an agent may begin its next turn: nothing new starts in a run that is held, or within what has failed.
    /// What has no turns has only been started.
    func mayGoOn(_ active: ActiveStep) -> Bool {
        guard conversations[active.path]?.turns.isEmpty == false else { return true }
        return !isPaused && !isBudgetAsked && isOpen(active.scope)
    }

    /// Whether its models have taken what they may.
    var isModelBudgetSpent: Bool {
        func isSpent(_ limit: Int?, _ amount: Int) -> Bool {
            guard let limit else { return false }
            let (granted, overflow) = limit.multipliedReportingOverflow(by: 1 + modelBudgetGrants)
            return !overflow && amount >= granted
        }
        return isSpent(origin.options.maximumModelTokens, usage.tokens)
            || isSpent(origin.options.maximumCostMicros, usage.costMicros)
    }
}

extension Conversation {
    /// What its step leaves, if it ends here.
    func result(of agent: Agent) -> JSONValue {
        let text = turns.last?.text ?? ""
        let output = agent.output == nil ? nil : JSONValue(written: text)
        return result(output: output ?? .null)
    }
}

extension Scope.Owner {
    fileprivate var path: String? {
        if case .step(let path, _) = self { path } else { nil }
    }
}
