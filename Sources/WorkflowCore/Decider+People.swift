import Expressions
import JSON
import WorkflowModel

extension Decider {
    mutating func ask(_ approval: ApprovalStep, in active: ActiveStep, _ context: DecisionContext) throws {
        let question = try question(approval, of: active, context)
        emitStart(active, input: nil, context)
        emit(.interactionRequested(question), context)
    }

    func question(
        _ approval: ApprovalStep, of active: ActiveStep, _ context: DecisionContext
    ) throws -> Interaction {
        let bindings = run.bindings(for: active)
        let defaults = run.options.approvals
        var question = Interaction(
            id: context.surroundings.makeID(), kind: .approval, path: active.path,
            text: try approval.message.evaluate(bindings).plainText, createdAt: context.now)
        question.show = try approval.show?.evaluate(bindings)
        question.approvers = try approval.approvers.map { try names($0.evaluate(bindings)) } ?? defaults.approvers
        question.required = approval.required ?? defaults.required
        question.expiresAt = (approval.expiresAfter ?? defaults.expiresAfter).map { context.now + $0 }
        question.onExpiry = approval.onExpiry ?? (question.approvers == nil ? defaults.onExpiry : .expire)
        if let approvers = question.approvers, Set(approvers).count < question.required {
            throw Failure(
                kind: "approval.outOfReach",
                message:
                    "\(question.required) approvals are required, but there are only \(Set(approvers).count) approvers.",
                isRetryable: false)
        }
        return question
    }

    private func names(_ value: JSONValue) throws -> [String] {
        let names = value.array?.compactMap(\.string)
        guard let names, !names.isEmpty, names.count == value.array?.count else {
            throw Failure(
                kind: "approval.invalid", message: "approvers must be a list of names, not \(value.serialized()).",
                isRetryable: false)
        }
        return names
    }

    mutating func ask(_ input: InputStep, in active: ActiveStep, _ context: DecisionContext) throws {
        let bindings = run.bindings(for: active)
        var question = Interaction(
            id: context.surroundings.makeID(), kind: .input, path: active.path,
            text: try input.prompt.evaluate(bindings).plainText,
            createdAt: context.now)
        question.schema = input.schema
        question.fallback = try input.fallback?.evaluate(bindings)
        question.expiresAt = input.expiresAfter.map { context.now + $0 }
        emitStart(active, input: nil, context)
        emit(.interactionRequested(question), context)
    }

    /// The run has come to as many steps as it may, and a person decides whether it goes on.
    mutating func askForBudget(of steps: Int, at active: ActiveStep, _ context: DecisionContext) {
        var question = Interaction(
            id: context.surroundings.makeID(), kind: .approval, path: active.path,
            text: "The run has come to its budget of \(run.stepCount) steps. Grant it \(steps) more?",
            createdAt: context.now)
        question.reason = Interaction.budgetReason
        emit(.interactionRequested(question), context)
    }

    // MARK: Answers

    mutating func respond(
        _ reference: InteractionReference, _ answer: ApprovalAnswer, _ context: DecisionContext
    ) throws(Refusal) {
        var question = try open(reference, .approval, context)
        if let approvers = question.approvers, !approvers.contains(answer.approver) {
            throw .notAnApprover(answer.approver, approvers: approvers)
        }
        guard !question.votes.contains(where: { $0.approver == answer.approver }) else { return }
        let vote = Interaction.Vote(
            approver: answer.approver, decision: answer.decision, message: answer.message, at: context.now)
        question.votes.append(vote)
        let approvals = question.votes.count { $0.decision == .approved }
        guard answer.decision == .rejected || approvals >= question.required else {
            return emit(.voteRecorded(interactionID: question.id, vote: vote), context)
        }
        let outcome: InteractionResolved.Outcome = answer.decision == .rejected ? .rejected : .approved
        let resolution = InteractionResolved(
            interactionID: question.id, kind: .approval, path: question.path, outcome: outcome, by: answer.approver,
            message: answer.message, client: answer.client)
        resolve(question, resolution, context)
    }

    mutating func respond(
        _ reference: InteractionReference, _ answer: InputAnswer, _ context: DecisionContext
    ) throws(Refusal) {
        let question = try open(reference, .input, context)
        let active = run.active(at: question.path)
        if case .input(let input)? = active?.step.kind {
            let violations = input.validator.validate(answer.value)
            guard violations.isEmpty else { throw .answerInvalid(violations) }
        }
        let resolution = InteractionResolved(
            interactionID: question.id, kind: .input, path: question.path, outcome: .answered, value: answer.value,
            by: answer.by, client: answer.client)
        resolve(question, resolution, context)
    }

    private func open(
        _ reference: InteractionReference, _ kind: Interaction.Kind, _ context: DecisionContext
    ) throws(Refusal) -> Interaction {
        let question: Interaction
        switch reference {
        case .id(let id):
            guard let found = run.interaction(id), found.kind == kind else { throw .interactionNotFound }
            question = found
        case .onlyOne(let executionID):
            let candidates = run.executionID == executionID ? run.interactions.filter { $0.kind == kind } : []
            guard let only = candidates.first else { throw .interactionNotFound }
            guard candidates.count == 1 else { throw .interactionAmbiguous(open: candidates.count) }
            question = only
        }
        if let deadline = question.expiresAt, deadline <= context.now { throw .interactionExpired }
        return question
    }

    /// Nobody decided in time.
    mutating func expire(_ question: Interaction, _ context: DecisionContext) {
        var resolution = InteractionResolved(
            interactionID: question.id, kind: question.kind, path: question.path, outcome: .expired)
        if question.kind == .approval, question.onExpiry == .approve {
            resolution.outcome = .approved
            resolution.message = "Nobody decided in time; the approval approves itself then."
        } else if question.kind == .input {
            resolution.value = question.fallback
        }
        resolve(question, resolution, context)
    }

    private mutating func resolve(
        _ question: Interaction, _ resolution: InteractionResolved, _ context: DecisionContext
    ) {
        emit(.interactionResolved(resolution), context)
        if question.reason == Interaction.budgetReason {
            guard resolution.outcome != .approved else { return }
            let message = "The run has come to its budget, and going on was not approved."
            return fail(run: Failure(kind: "budget.exceeded", message: message, isRetryable: false), context)
        }
        guard let active = run.active(at: question.path) else { return }
        switch resolution.kind {
        case .input:
            if let value = resolution.value { return complete(active, output: value, context) }
            let failure = Failure(
                kind: "input.expired", message: "Nobody answered \"\(question.text)\" in time.", isRetryable: false)
            fail(active, failure, context)
        case .approval where question.reason == Interaction.toolReason:
            if resolution.outcome != .approved { refuse(resolution, active, context) }
        case .approval where question.reason != nil:
            guard resolution.outcome != .approved else { return }
            let message = "The step \"\(active.step.name)\" was interrupted, and running it again was not approved."
            fail(active, Failure(kind: Failure.interruptedKind, message: message, isRetryable: false), context)
        case .approval:
            var output: JSONObject = ["status": .string(resolution.outcome.rawValue)]
            output["approver"] = resolution.by.map { .string($0) }
            output["message"] = resolution.message.map { .string($0) }
            complete(active, output: .object(output), context)
        }
    }
}
