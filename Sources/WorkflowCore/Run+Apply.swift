import JSON
package import WorkflowModel

extension Run {
    /// How a fact changes the run: the only way a run changes. Computes nothing that the event does not hold.
    package mutating func apply(_ event: RunEvent, seq: Int, at: Timestamp) {
        self.seq = seq
        lastAt = max(lastAt, at)
        switch event {
        case .created: break
        case .statusChanged(let change): apply(change, seq: seq, at: at)
        case .stepStarted(let start): apply(start, at: at)
        case .stepCompleted(let completion): apply(completion)
        case .stepFailed(let failure): apply(failure)
        case .interactionRequested(let interaction):
            interactions.append(interaction)
            change(interaction.path) { $0.phase = .asking(interactionID: interaction.id) }
        case .voteRecorded(let id, let vote):
            if let index = interactions.firstIndex(where: { $0.id == id }) { interactions[index].votes.append(vote) }
        case .interactionResolved(let resolution):
            interactions.removeAll { $0.id == resolution.interactionID }
            change(resolution.path) { $0.phase = .entered }
        case .logged: break
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
            enter(workflow.flow.start)
        }
        status = change.status
        isPaused = change.isPaused
        if status.isTerminal {
            endedAt = at
            active = []
            interactions = []
        }
        runActiveClock(status == .inProgress && !isPaused, at: at)
    }

    private mutating func runActiveClock(_ runs: Bool, at: Timestamp) {
        if runs {
            activeSince = activeSince ?? at
        } else if let since = activeSince {
            activeTime += at - since
            activeSince = nil
        }
    }

    private mutating func apply(_ start: StepStarted, at: Timestamp) {
        change(start.path) { active in
            active.attempt = start.attempt
            if let input = start.input { active.input = input }
            active.phase = start.until.map { .waiting(until: $0) } ?? .running(since: at)
        }
    }

    private mutating func apply(_ completion: StepCompleted) {
        active.removeAll { $0.path == completion.path }
        for (name, value) in completion.set ?? [:] { state[name] = value }
        root.results[completion.step] = .object([
            "result": completion.output, "attempt": .number(JSONNumber(completion.attempt)),
        ])
        root.lastResult = completion.output
        progress = completion.progress
        enter(completion.decision.to)
    }

    private mutating func apply(_ failed: StepFailed) {
        if failed.failure.kind != Failure.interruptedKind { change(failed.path) { $0.failures += 1 } }
        if let moment = failed.willRetryAt {
            change(failed.path) { $0.phase = .backingOff(until: moment) }
        } else if let decision = failed.decision {
            active.removeAll { $0.path == failed.path }
            let result = failed.failure.details ?? .null
            let error: JSONValue = ["kind": .string(failed.failure.kind), "message": .string(failed.failure.message)]
            root.results[failed.step] = .object(["result": result, "error": error])
            root.lastResult = result
            enter(decision.to)
        } else {
            change(failed.path) { $0.phase = .entered }
        }
    }

    /// A step is entered where its flow goes to it; END leaves nothing active.
    private mutating func enter(_ target: Target) {
        guard case .step(let name) = target, let step = workflow.flow[name] else { return }
        let iteration = root.iterations[name, default: 0] + 1
        root.iterations[name] = iteration
        active.append(ActiveStep(path: root.path(of: name, iteration: iteration), step: step, iteration: iteration))
    }

    private mutating func change(_ path: String, _ body: (inout ActiveStep) -> Void) {
        guard let index = active.firstIndex(where: { $0.path == path }) else { return }
        body(&active[index])
    }
}

extension Failure {
    /// An attempt was cut off and nobody knows what it did.
    package static let interruptedKind = "step.interrupted"
}
