import JSON
package import WorkflowModel

extension Run {
    /// How a fact changes the run: the only way a run changes. Computes nothing that the event does not hold.
    package mutating func apply(_ event: RunEvent, seq: Int, at: Timestamp) {
        self.seq = seq
        lastAt = max(lastAt, at)
        switch event {
        case .created: break
        case .forked(let fork): apply(fork, at: at)
        case .imported(let move): apply(move)
        case .statusChanged(let change): apply(change, seq: seq, at: at)
        case .stepStarted(let start):
            open(start, seq: seq, at: at)
            apply(start, at: at)
        case .stepCompleted(let completion): apply(completion, at: at)
        case .stepFailed(let failure): apply(failure, at: at)
        case .interactionRequested(let interaction):
            interactions.append(interaction)
            if interaction.reason == Interaction.budgetReason { hold(interaction.path) }
            change(interaction.path) { $0.phase = .asking(interactionID: interaction.id) }
        case .voteRecorded(let id, let vote):
            if let index = interactions.firstIndex(where: { $0.id == id }) { interactions[index].votes.append(vote) }
        case .interactionResolved(let resolution): apply(resolution, at: at)
        case .agentTurned(let turned): apply(turned, at: at)
        case .agentTold(let told): apply(told, at: at)
        case .toolCalled(let called): apply(called, at: at)
        case .toolReturned(let returned): apply(returned, at: at)
        case .logged: break
        case .signalReceived(let signal):
            signals.append(signal)
            if let key = signal.idempotencyKey { signalKeys[key] = signal.fingerprint }
        case .ending(let ending): apply(ending, at: at)
        case .retryScheduled(let failure, let moment):
            stop()
            self.failure = failure
            failedExecutions += 1
            retryAt = moment
        case .timedOut: isTimedOut = true
        case .completed(let output): self.output = output
        case .failed(let failure): self.failure = failure
        case .cancelled(let reason): cancelReason = reason
        }
    }

    private mutating func apply(_ change: StatusChanged, seq: Int, at: Timestamp) {
        if let executionID = change.executionID {
            executions.append((seq, executionID))
            startedAt = startedAt ?? at
            executionStartedAt = at
            begin(change, executionID, at: at)
        }
        status = change.status
        isPaused = change.isPaused
        if status.isTerminal {
            endedAt = at
            ending = nil
            stop()
        }
        runActiveClock(status == .inProgress && !isPaused, at: at)
    }

    /// An execution begins: the first one, or one after a failure.
    private mutating func begin(_ change: StatusChanged, _ executionID: String, at: Timestamp) {
        defer {
            retryAt = nil
            checkpoint = nil
        }
        guard let origin = change.from else { return enter(workflow.flow.start, in: "", at: at) }
        (failure, cancelReason, endedAt) = (nil, nil, nil)
        (isTimedOut, activeTime, activeSince) = (false, .zero, nil)
        if change.previous.isTerminal { failedExecutions = 0 }
        switch origin {
        case .checkpoint:
            active = checkpoint?.active ?? []
            self.change(Run.programPath) { $0.program?.forgetFailures() }
            inner = checkpoint?.inner ?? [:]
        case .start:
            attemptBase = highestAttempt
            (conversations, approvedCalls) = ([:], [])
            renewal = executionID
            state = workflow.state
            root = Scope(key: "", flow: workflow.flow, owner: .run, at: at)
            progress = Progress()
            progress.total = workflow.flow.stepTotal
            enter(workflow.flow.start, in: "", at: at)
        }
    }

    /// Nothing is under way any more; where the run stood is kept.
    private mutating func stop() {
        checkpoint = checkpoint ?? Checkpoint(active: active.map(\.reentered), inner: inner)
        active = []
        inner = [:]
        interactions = []
    }

    private mutating func runActiveClock(_ runs: Bool, at: Timestamp) {
        if runs {
            activeSince = activeSince ?? at
        } else if let since = activeSince {
            activeTime += at - since
            activeSince = nil
        }
    }

    private mutating func apply(_ resolution: InteractionResolved, at: Timestamp) {
        let question = interaction(resolution.interactionID)
        interactions.removeAll { $0.id == resolution.interactionID }
        change(resolution.path) { $0.phase = .entered }
        guard resolution.outcome == .approved else { return }
        switch question?.reason {
        case Interaction.toolReason: approvedCalls.insert(resolution.path)
        case Interaction.budgetReason where isModelBudgetSpent: grantModelBudget(for: resolution.path, at: at)
        case Interaction.budgetReason: budgetGrants += 1
        default: break
        }
    }

    // MARK: Steps

    private mutating func apply(_ start: StepStarted, at: Timestamp) {
        guard let index = position(of: start.path) else { return }
        // What a program or a model does is counted by itself: one by the steps it begins, the other by its turns.
        if active[index].attempt == attemptBase, active[index].step !== origin.workflow.program,
            !isToolCall(at: index)
        {
            stepCount += 1
        }
        highestAttempt = max(highestAttempt, start.attempt)
        active[index].attempt = start.attempt
        if let input = start.input { active[index].recordedInput = input }
        active[index].begin(at: at, until: start.until)
        resumeTurn(of: start.path, at: at)
        guard origin.workflow.program != nil else { return openFlows(of: start.path, at: at) }
        change(Run.programPath) { $0.program?.note(attempt: start.attempt, of: start.path) }
        openFlows(of: start.path, at: at)
    }

    private mutating func apply(_ completion: StepCompleted, at: Timestamp) {
        guard let active = removeActive(completion.path) else { return }
        conversations[completion.path] = nil
        if active.step === origin.workflow.program { withdrawProgramSteps() }
        if let set = completion.set { for (name, value) in set { state[name] = value } }
        progress = completion.progress
        if case .wait = active.step.kind, let name = completion.output["signal"]?.string,
            let index = signals.firstIndex(where: { $0.name == name })
        {
            signals.remove(at: index)
        }
        change(scope: active.scope) { $0.leave(completion, by: active.step) }
        if let step = active.step.compensation {
            compensations.append(
                Compensation(
                    path: active.path, step: step, result: completion.output,
                    locals: scope(active.scope)?.locals ?? [:]))
        }
        if let result = completion.scopeResult { change(scope: active.scope) { $0.lastResult = result } }
        let left = lastResult(in: active.scope)
        go(to: completion.decision.to, in: active.scope, leaving: .succeeded(left), at: at)
    }

    private mutating func apply(_ failed: StepFailed, at: Timestamp) {
        // A handler may say the kind of an interruption, but not that it is beyond a retry and retried all the same.
        let isInterruption = failed.failure.kind == Failure.interruptedKind && !failed.failure.isRetryable
        if !isInterruption { change(failed.path) { $0.failures += 1 } }
        renewConversation(of: failed.path)
        if let moment = failed.willRetryAt {
            reenterSteps(below: failed.path)
            return change(failed.path) { active in
                active.phase = .backingOff(until: moment)
                active.program?.note(ProgramChange(failed.failure))
            }
        }
        guard let active = active(at: failed.path), let scope = scope(active.scope) else { return }
        if let decision = failed.decision {
            removeStep(failed.path)
            change(scope: active.scope) { $0.leave(failed) }
            let left = lastResult(in: active.scope)
            return go(to: decision.to, in: active.scope, leaving: .succeeded(left), at: at)
        }
        switch scope.owner {
        case .step(let path, _) where self.active(at: path)?.step.kind.failureStrategy == .collectAll:
            removeStep(failed.path)
            close(active.scope, leaving: .failed(failed.failure), at: at)
        case .run, .step: change(failed.path) { $0.phase = .failed }
        case .cleanup, .compensation:
            removeStep(failed.path)
            close(active.scope, leaving: .failed(failed.failure), at: at)
        }
    }

    mutating func removeActive(_ path: String) -> ActiveStep? {
        position(of: path).map { active.remove(at: $0) }
    }

    /// The step with everything inside it.
    private mutating func removeStep(_ path: String) {
        active.removeAll { $0.path == path || $0.path.isBelow(path) }
        withdraw(below: path)
    }

    mutating func withdraw(below path: String) {
        interactions.removeAll { $0.path == path || $0.path.isBelow(path) }
        for key in inner.keys where key.isBelow(path) { inner[key] = nil }
        for key in conversations.keys where key == path || key.isBelow(path) { conversations[key] = nil }
    }

    /// What was under way inside a step begins again where it stood, once the step itself does; what it asked is asked
    /// again.
    private mutating func reenterSteps(below path: String) {
        for index in active.indices where active[index].path.isBelow(path) { active[index] = active[index].reentered }
        interactions.removeAll { $0.path == path || $0.path.isBelow(path) }
    }

    mutating func change(_ path: String, _ body: (inout ActiveStep) -> Void) {
        if let index = position(of: path) { body(&active[index]) }
    }

    mutating func change(scope key: String, _ body: (inout Scope) -> Void) {
        if key.isEmpty {
            body(&root)
        } else if let index = inner.index(forKey: key) {
            body(&inner.values[index])
        }
    }
}

extension ActiveStep {
    /// The flows inside before any was opened. Where a list could not be computed there are none, and the next attempt
    /// computes it.
    var freshFanOut: FanOut? {
        switch step.kind {
        case .parallel(let parallel): FanOut(items: parallel.branches.map { _ in .null })
        case .forEach(let forEach): recordedInput.flatMap { FanOut(recorded: $0, of: forEach) }
        case .pattern: FanOut(items: [.null])
        case .call, .command, .agent, .tool, .workflow, .approval, .input, .wait, .set, .fail, .program, .hosted: nil
        }
    }

    /// An attempt has started.
    fileprivate mutating func begin(at moment: Timestamp, until: Timestamp?) {
        switch step.kind {
        case .wait: phase = .waiting(since: moment, until: until)
        case .workflow: phase = .child(runID: input["runId"]?.string ?? "", since: moment)
        case .parallel, .forEach, .pattern:
            phase = .open(since: moment)
            fanOut = fanOut ?? freshFanOut
        case .program:
            phase = .running(since: moment)
            program = program ?? ProgramRecord()
            program?.note(nil)
        case .call, .command, .agent, .tool, .approval, .input, .set, .fail, .hosted: phase = .running(since: moment)
        }
    }
}

extension Scope {
    fileprivate mutating func leave(_ completion: StepCompleted, by step: Step) {
        var left = JSONObject(minimumCapacity: 2)
        left.set("result", to: completion.output)
        left.set("attempt", to: JSONValue(completion.attempt))
        results[completion.step] = .object(left)
        lastResult = completion.reading ?? completion.output
        switch step.role {
        case .draft: locals["draft"] = completion.output
        case .evaluate: best = bestDraft(after: lastResult)
        case .classify, .plan, .split, nil: break
        }
    }

    /// A failure was caught.
    mutating func leave(_ failed: StepFailed) {
        let result = failed.failure.details ?? .null
        let error: JSONValue = ["kind": .string(failed.failure.kind), "message": .string(failed.failure.message)]
        results[failed.step] = .object(["result": result, "error": error])
        lastResult = failed.scopeResult ?? result
    }

    /// The better one of the best draft so far and the newest; of two that are equal the earlier one.
    func bestDraft(after evaluation: JSONValue) -> Draft? {
        guard let score = evaluation["score"]?.number else { return best }
        if let best, best.score.double >= score.double { return best }
        return Draft(
            output: locals["draft"] ?? .null, score: score, passed: evaluation["passed"]?.bool ?? false)
    }
}

extension String {
    /// Whether a path, or a scope's key, lies inside the step with that path.
    func isBelow(_ path: String) -> Bool {
        let (own, other) = (utf8, path.utf8)
        guard own.count > other.count, own.starts(with: other) else { return false }
        let mark = own[own.index(own.startIndex, offsetBy: other.count)]
        return mark == UInt8(ascii: "[") || mark == UInt8(ascii: "/")
    }
}

extension Failure {
    /// An attempt was cut off and nobody knows what it did.
    package static let interruptedKind = "step.interrupted"
}

extension Interaction {
    /// An attempt was interrupted: may it run again?
    package static let interruptedReason = "interrupted"
    /// A model wants to call a tool: may it?
    package static let toolReason = "tool"
    /// A budget is used up: may the run go on with as much again?
    package static let budgetReason = "budget"
}
