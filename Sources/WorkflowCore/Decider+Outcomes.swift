import Expressions
import JSON
import WorkflowModel

// How a step ends, and what follows for the flow it is in and for the steps around it.

extension Decider {
    mutating func complete(_ active: ActiveStep, output: JSONValue, _ context: DecisionContext) {
        if let call = run.toolCall(of: active) { return settle(call, .returned(output), context) }
        do {
            if let violation = active.step.output?.validate(output).first {
                let place = violation.instance
                let message = "The output does not fit the step's schema at \"\(place)\": \(violation.message)"
                throw Failure(kind: "output.invalid", message: message, details: output)
            }
            let completion = try completion(of: active, output: output)
            let agent = run.agent(verifiedBy: active)
            let (reading, isEnd) = (completion.reading, completion.decision.to == .end)
            emit(.stepCompleted(consume completion), context)
            if let agent { return settle(agent, verifiedBy: reading ?? output, of: active.step.kind, context) }
            if isEnd { settleEnd(of: active.scope, context) }
        } catch let failure as Failure {
            var failure = failure
            failure.isRetryable = failure.isRetryable && active.step.kind.mayDiffer
            fail(active, failure, context)
        } catch let error as ExpressionError {
            fail(active, Failure(error, in: "the step \"\(active.step.name)\""), context)
        } catch {
            preconditionFailure("Completing a step throws failures and expression errors alone: \(error)")
        }
    }

    private func completion(of active: ActiveStep, output: JSONValue) throws -> StepCompleted {
        let step = active.step
        func scope() -> Scope { run.scope(active.scope) ?? run.root }
        let reading = try step.role?.read(output, of: step.kind)
        // A step that only sets has no result of its own: it sees the one before it.
        let result = if case .set = step.kind { run.lastResult(in: active.scope) } else { output }
        let set = try step.set?.evaluate(run.bindings(in: scope(), result: result, iteration: active.iteration)).object
        /// What the way on from here is computed from; most ways are not. Called and not handed on, since a closure
        /// would copy the run.
        func bindings() -> Bindings {
            run.bindings(in: scope(), result: reading ?? result, iteration: active.iteration, changing: set ?? [:])
        }
        let decision =
            switch step.next {
            case .always(let target): way(from: step, to: target, output: output)
            case .choose(let choices): try way(from: step, by: choices, bindings())
            }
        var progress = run.progress
        // A program is no step of its own: those it opens are.
        if run.origin.workflow.program !== step { progress.current += 1 }
        progress.total = max(progress.total, progress.current)
        progress.message = step.description ?? step.name
        var scopeResult: JSONValue?
        if decision.to == .end {
            switch run.flow(of: active.scope)?.result ?? .lastResult {
            case .lastResult: break
            case .template(let template):
                var (bindings, results) = (bindings(), scope().results)
                results[step.name] = ["result": reading ?? output]
                bindings["steps"] = .object(results)
                scopeResult = try template.evaluate(bindings)
            case .bestDraft:
                scopeResult = bestDraft(of: scope(), after: reading ?? output, iteration: active.iteration)
            }
        }
        return StepCompleted(
            path: active.path, step: step.name, attempt: max(active.attempt, 1), output: output, set: set,
            decision: decision, progress: progress, reading: reading != output ? reading : nil,
            scopeResult: scopeResult)
    }

    private func bestDraft(of scope: Scope, after last: JSONValue, iteration: Int) -> JSONValue? {
        guard let best = scope.bestDraft(after: last) else { return nil }
        let isGoodEnough = last["passed"]?.bool ?? false
        return [
            "output": best.output, "score": .number(best.score), "passed": .bool(best.passed),
            "iterations": .number(JSONNumber(iteration)),
            "stoppedBy": isGoodEnough ? "threshold" : "maxIterations",
        ]
    }

    /// The same where it ends with a failure that was caught.
    private func scopeResult(after failed: StepFailed, in key: String) throws(ExpressionError) -> JSONValue? {
        guard var scope = run.scope(key), case .template(let template) = scope.flow.result else { return nil }
        scope.leave(failed)
        return try template.evaluate(run.bindings(in: scope, result: scope.lastResult))
    }

    private func way(from step: Step, to target: Target, output: JSONValue) -> FlowDecision {
        if case .approval = step.kind, output["status"]?.string != InteractionResolved.Outcome.approved.rawValue {
            return FlowDecision(
                from: step.name, to: .end, value: output["status"],
                reason: "A bare next is followed only when the approval was given.")
        }
        return FlowDecision(from: step.name, to: target, reason: FlowDecision.usualReason)
    }

    private func way(from step: Step, by choices: [Next.Choice], _ bindings: Bindings) throws -> FlowDecision {
        for choice in choices {
            guard let when = choice.when else {
                return FlowDecision(from: step.name, to: choice.to, reason: "default")
            }
            if try when.holds(bindings) {
                return FlowDecision(
                    from: step.name, to: choice.to, condition: when.source, value: .bool(true), reason: "when")
            }
        }
        throw Failure(
            kind: "flow.noRoute",
            message: "No condition of the step \"\(step.name)\" holds, and it has no default.",
            isRetryable: false)
    }

    mutating func fail(_ active: ActiveStep, _ failure: Failure, _ context: DecisionContext) {
        var failed = StepFailed(
            path: active.path, step: active.step.name, attempt: max(active.attempt, 1), failure: failure)
        let (policy, failures) = (active.step.retry, active.failures + 1)
        if policy.allows(failure, failures: failures) {
            let delay = policy.delay(afterFailures: failures, chance: context.surroundings.chance())
            failed.willRetryAt = context.now + delay
            return emit(.stepFailed(failed), context)
        }
        if let call = run.toolCall(of: active) { return settle(call, .failed(failure), context) }
        var failure = failure
        let agent = run.agent(verifiedBy: active)
        if let target = active.step.onError {
            failed.decision = FlowDecision(
                from: active.step.name, to: target, value: .string(failure.kind), reason: "onError")
            do {
                if target == .end { failed.scopeResult = try scopeResult(after: failed, in: active.scope) }
                emit(.stepFailed(failed), context)
                if let agent { return finish(agent, context) }
                if target == .end { settleEnd(of: active.scope, context) }
                return
            } catch {
                failure = Failure(error, in: "the output of the flow that ends with \"\(active.step.name)\"")
                (failed.failure, failed.decision) = (failure, nil)
            }
        }
        let owner = run.scope(active.scope)?.owner
        emit(.stepFailed(failed), context)
        if let agent { return object(to: agent, because: failure.forModel, context) }
        if run.workflow.program !== active.step { failure.step = failure.step ?? active.path }
        switch owner {
        case .run, nil: fail(run: failure, context)
        case .cleanup, .compensation: return
        case .step(let path, _):
            guard let outer = run.active(at: path) else { return }
            if outer.step.kind.failureStrategy == .collectAll { return settleFlows(of: path, context) }
            fail(outer, failure, context)
        }
    }

    /// A flow has come to its end: the run's, or one inside a step.
    private mutating func settleEnd(of key: String, _ context: DecisionContext) {
        guard key.isEmpty else { return settleOwners(context) }
        finish(context)
    }

    /// The scope that ended is gone; whose flows are all done now is done itself.
    private mutating func settleOwners(_ context: DecisionContext) {
        for active in run.active where active.fanOut?.isDone == true { settleFlows(of: active.path, context) }
    }

    mutating func settleFlows(of path: String, _ context: DecisionContext) {
        guard let active = run.active(at: path), case .open = active.phase, let fanOut = active.fanOut, fanOut.isDone
        else { return }
        complete(active, output: fanOut.result(of: active.step.kind), context)
    }

    mutating func interrupt(_ active: ActiveStep, _ context: DecisionContext) {
        let message =
            "Attempt \(active.attempt) of the step \"\(active.step.name)\" was interrupted; its outcome is unknown."
        let failure = Failure(kind: Failure.interruptedKind, message: message, isRetryable: false)
        switch active.step.onInterrupted {
        case .retry:
            let failed = StepFailed(
                path: active.path, step: active.step.name, attempt: active.attempt, failure: failure,
                willRetryAt: context.now)
            emit(.stepFailed(failed), context)
            if run.workflow.program === active.step { interruptHostedSteps(context) }
        case .ask:
            var question = Interaction(
                id: context.surroundings.makeID(), kind: .approval, path: active.path,
                text: message + " Run it again?", createdAt: context.now)
            question.reason = Interaction.interruptedReason
            emit(.interactionRequested(question), context)
        case .fail: fail(active, failure, context)
        }
    }
}

extension StepKind {
    /// Whether another attempt may leave something else. What is worked out here comes out the same each time, and
    /// would be tried again without an end within one decision.
    fileprivate var mayDiffer: Bool {
        switch self {
        case .call, .command, .agent, .tool, .workflow, .approval, .input, .program, .hosted: true
        case .wait, .parallel, .forEach, .pattern, .set, .fail: false
        }
    }
}
