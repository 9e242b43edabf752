import Expressions
import JSON
import WorkflowModel

// The loop of an agent: gather, act, verify. A turn of the model is recorded before its tools start, and the next one
// is asked for when the last of them has returned.

extension Decider {
    mutating func take(_ answer: ModelAnswer, of active: ActiveStep, _ context: DecisionContext) {
        guard case .agent(let step) = active.step.kind else { return }
        let agent = step.agent
        let turn = (run.conversations[active.path]?.turns.count ?? 0) + 1
        let problem = answer.calls.isEmpty ? agent.problem(with: answer.text) : nil
        // A step that looks at the answer is among what the event begins.
        var isVerified = false
        if case .step? = agent.verification, answer.calls.isEmpty, problem == nil { isVerified = true }
        let turned = AgentTurned(
            path: active.path, attempt: active.attempt, turn: turn, answer: answer, isVerified: isVerified)
        emit(.agentTurned(turned), context)
        if isVerified { return }
        if let problem { return askForRepair(of: active, problem, context) }
        guard !answer.calls.isEmpty else { return verify(active, by: agent.verification, context) }
        guard turn < agent.maxTurns else { return fail(active, .turnsExceeded(agent.maxTurns), context) }
        call(answer.calls, for: active, agent, context)
    }

    // MARK: Act

    private mutating func call(
        _ calls: [ModelAnswer.Call], for active: ActiveStep, _ agent: Agent, _ context: DecisionContext
    ) {
        let before = run.conversations[active.path] ?? Conversation()
        var others: [String: Int] = [:]
        var refused: [(path: String, tool: String, failure: Failure)] = []
        for call in calls {
            let label = Conversation.label(of: call.tool)
            let path = before.path(ofCallTo: label, in: active.path, after: others[label, default: 0])
            others[label, default: 0] += 1
            var called = ToolCalled(
                path: path, agent: active.path, tool: call.tool, callID: call.id, input: call.input)
            if let failure = agent.refusal(of: call) {
                refused.append((path, call.tool, failure))
            } else if let tool = agent.tool(call.tool), startsAtOnce(tool, context) {
                called.attempt = run.attemptBase + 1
            }
            emit(.toolCalled(called), context)
        }
        // Only now, so that the model is not asked again before all of its calls are known.
        for (path, tool, failure) in refused {
            emit(.toolReturned(ToolReturned(path: path, tool: tool, result: .failed(failure))), context)
        }
        goOn(active.path, context)
    }

    /// Whether nothing stands between a call and its body: nobody to ask, no words to work out.
    private func startsAtOnce(_ tool: AgentTool, _ context: DecisionContext) -> Bool {
        if case .command = tool.step.kind { return false }
        return tool.approval == nil && run.mayMove && context.surroundings.mayStart(tool.step)
    }

    /// A person is asked before the call of a tool that says so. False when nobody need be asked.
    mutating func asksForApproval(
        of call: (agent: ActiveStep, call: Conversation.Call), _ active: ActiveStep, _ context: DecisionContext
    ) throws -> Bool {
        guard !run.approvedCalls.contains(active.path), case .agent(let step) = call.agent.step.kind,
            let approval = step.agent.tool(call.call.tool)?.approval
        else { return false }
        var question = try question(approval, of: active, context)
        question.reason = Interaction.toolReason
        emit(.interactionRequested(question), context)
        return true
    }

    /// A person does not want the call: the model is told so.
    mutating func refuse(_ resolution: InteractionResolved, _ active: ActiveStep, _ context: DecisionContext) {
        guard let call = run.toolCall(of: active) else { return }
        let isExpired = resolution.outcome == .expired
        var message = isExpired ? "Nobody approved this call in time." : "A person did not approve this call."
        if let reason = resolution.message { message += " The reason: \(reason)" }
        let kind = isExpired ? "approval.expired" : "approval.rejected"
        settle(call, .failed(Failure(kind: kind, message: message, isRetryable: false)), context)
    }

    mutating func settle(
        _ call: (agent: ActiveStep, call: Conversation.Call), _ result: Conversation.Result, _ context: DecisionContext
    ) {
        var limit = AgentTool.defaultResultLimit
        if case .agent(let step) = call.agent.step.kind, let tool = step.agent.tool(call.call.tool) {
            limit = tool.maxResultBytes
        }
        let told = result.cut(to: limit)
        emit(.toolReturned(ToolReturned(path: call.call.path, tool: call.call.tool, result: told)), context)
        goOn(call.agent.path, context)
    }

    // MARK: Verify

    private mutating func verify(
        _ active: ActiveStep, by verification: Agent.Verification?, _ context: DecisionContext
    ) {
        guard case .condition(let condition)? = verification else { return finish(active, context) }
        do {
            let scope = run.scope(active.scope) ?? run.root
            let bindings = run.bindings(in: scope, result: result(of: active), iteration: active.iteration)
            if try condition.holds(bindings) { return finish(active, context) }
            object(to: active, because: "This does not hold of it, and must: \(condition.source)", context)
        } catch {
            fail(active, Failure(error, in: "what verifies the answer of \"\(active.step.name)\""), context)
        }
    }

    /// A step has looked at an agent's answer.
    mutating func settle(
        _ agent: ActiveStep, verifiedBy output: JSONValue, of kind: StepKind, _ context: DecisionContext
    ) {
        let verdict = output.answer(of: kind)
        guard verdict["passed"]?.bool == false else { return finish(agent, context) }
        object(to: agent, because: verdict["feedback"]?.string ?? verdict.serialized(), context)
    }

    /// The agent's answer is not good enough: the model is told why, and answers again.
    mutating func object(to agent: ActiveStep, because reason: String, _ context: DecisionContext) {
        let text = "Your answer was checked and not accepted. \(reason)\nAnswer again."
        emit(.agentTold(AgentTold(path: agent.path, attempt: agent.attempt, text: text)), context)
        goOn(agent.path, context)
    }

    private mutating func askForRepair(of active: ActiveStep, _ problem: String, _ context: DecisionContext) {
        let objections = run.conversations[active.path]?.objections(before: 1) ?? 0
        guard objections < Agent.repairLimit else {
            let message = "The model was told \(objections) times what is wrong with its answer. \(problem)"
            return fail(active, Failure(kind: "model.malformed", message: message), context)
        }
        let text = "Your answer is not what was asked for. \(problem)\nAnswer with the JSON alone."
        emit(.agentTold(AgentTold(path: active.path, attempt: active.attempt, text: text)), context)
        goOn(active.path, context)
    }

    mutating func finish(_ agent: ActiveStep, _ context: DecisionContext) {
        complete(agent, output: result(of: agent), context)
    }

    private func result(of active: ActiveStep) -> JSONValue {
        guard case .agent(let step) = active.step.kind else { return .null }
        return (run.conversations[active.path] ?? Conversation()).result(of: step.agent)
    }

    // MARK: The next turn

    /// The model's next turn is due when nothing of the last one is under way, and it may have one.
    private mutating func goOn(_ path: String, _ context: DecisionContext) {
        guard let active = run.active(at: path), active.isRunning, case .agent(let step) = active.step.kind,
            let conversation = run.conversations[path]
        else { return }
        let limit = step.agent.maxTurns
        guard conversation.turns.count < limit else { return fail(active, .turnsExceeded(limit), context) }
        _ = asksForModelBudget(at: active, context)
    }

    /// Whether a person is asked, before the next turn of an agent, if its models may take as much again.
    mutating func asksForModelBudget(at active: ActiveStep, _ context: DecisionContext) -> Bool {
        guard case .agent = active.step.kind, run.isModelBudgetSpent, !run.isBudgetAsked, run.ending == nil else {
            return false
        }
        let usage = run.usage
        var question = Interaction(
            id: context.surroundings.makeID(), kind: .approval, path: active.path,
            text: "The run's models have taken \(usage.tokens) tokens, at a price of \(usage.costMicros) millionths, "
                + "and its budget is spent. Grant it as much again?",
            createdAt: context.now)
        question.reason = Interaction.budgetReason
        emit(.interactionRequested(question), context)
        return true
    }
}

extension Agent {
    /// What is wrong with a last answer that must fit a schema.
    fileprivate func problem(with text: String) -> String? {
        guard let output else { return nil }
        guard let value = JSONValue(written: text) else { return "It must be JSON, and it is not." }
        let violations = output.validator.validate(value)
        if violations.isEmpty { return nil }
        let list = violations.prefix(10).map { "\"\($0.instance)\": \($0.message)" }.joined(separator: "\n")
        return "It does not fit its schema at\n\(list)"
    }

    /// Why a call is not even tried.
    fileprivate func refusal(of call: ModelAnswer.Call) -> Failure? {
        guard let tool = tool(call.tool) else {
            let known = tools.map(\.name).joined(separator: ", ")
            let message = "There is no tool \"\(call.tool)\". There are: \(known)."
            return Failure(kind: "tool.unknown", message: message, isRetryable: false)
        }
        guard let violations = tool.input?.validator.validate(call.input), !violations.isEmpty else { return nil }
        let list = violations.prefix(10).map { "at \"\($0.instance)\": \($0.message)" }.joined(separator: "; ")
        let message = "The arguments do not fit the tool's schema, \(list)"
        return Failure(kind: "tool.badArguments", message: message, isRetryable: false)
    }
}

extension Failure {
    fileprivate static func turnsExceeded(_ limit: Int) -> Failure {
        Failure(
            kind: "model.turnsExceeded", message: "The model has had its \(limit) turns, and has not come to an end.")
    }

    /// As a model is told it.
    package var forModel: String {
        guard let details else { return "\(kind): \(message)" }
        return "\(kind): \(message)\n\(details.serialized())"
    }
}
