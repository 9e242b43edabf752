import JSON
package import WorkflowModel

// How a run becomes another's continuation: the facts before it stay, and nothing that was under way is.

extension Run {
    mutating func apply(_ fork: RunForked, at: Timestamp) {
        changeOrigin(createdAt: at) { creation in
            creation.namespace = fork.namespace
            creation.parent = nil
            if let input = fork.input { creation.input = input }
        }
        forkedFrom = fork.source
        let place = checkpoint ?? Checkpoint(active: active, inner: inner)
        checkpoint = Checkpoint(active: place.active.map { anew($0, in: place.inner) }, inner: place.inner)
        for path in conversations.keys { conversations[path]?.isHeld = false }
        (active, inner, interactions) = ([], [:], [])
        (status, isPaused, ending, retryAt) = (.pending, false, nil, nil)
        (startedAt, executionStartedAt, endedAt) = (nil, nil, nil)
        (output, failure, cancelReason) = (nil, nil, nil)
        (isTimedOut, activeTime, activeSince, failedExecutions) = (false, .zero, nil, 0)
        for (name, value) in fork.state ?? [:] { state[name] = value }
    }

    mutating func apply(_ move: RunImported) {
        changeOrigin { creation in
            creation.namespace = move.namespace
            if move.leavesParent { creation.parent = nil }
        }
    }

    /// The step as it was when the flow came to it, but for its number and what is done within it. Where an agent's
    /// conversation has begun it goes on, and so do the calls in it, with what they were given.
    private func anew(_ active: ActiveStep, in inner: [String: Scope]) -> ActiveStep {
        var again = active.reentered
        var isInConversation = conversations[active.path]?.turns.isEmpty == false
        if case .step(let owner, _)? = inner[active.scope]?.owner, conversations[owner] != nil {
            isInConversation = true
        }
        if active.fanOut == nil, !isInConversation { again.recordedInput = nil }
        return again
    }

    /// The last event before the step at this path began, the newest time that it began anew; nil when it never did.
    package static func seq(beforeStepAt path: String, in events: some Sequence<RunEvent>) -> Int? {
        var found: Int?
        var isAnew = true
        for (seqBefore, event) in events.enumerated() {
            switch event {
            case .statusChanged(let change) where change.from == .start: isAnew = true
            case .forked: isAnew = true
            case .stepStarted(let start) where start.path == path && isAnew:
                found = seqBefore
                isAnew = false
            default: continue
            }
        }
        return found
    }
}

extension RunEvent {
    /// Whether the event after it, decided with it, tells of the same answer of a model: of the calls it made, of what was
    /// made of it, or that the step ended with it.
    package func isOneAnswer(with next: RunEvent) -> Bool {
        if isOfConversation && next.isOfConversation { return true }
        guard let path = endedPath, let owner = next.endedPath else { return false }
        if case .agentTurned = self { return path == owner }
        // What looks at an answer stands in its step.
        return path.hasPrefix(owner + "/")
    }

    /// The step that has answered or ended.
    private var endedPath: String? {
        switch self {
        case .agentTurned(let turned): turned.path
        case .agentTold(let told): told.path
        case .stepCompleted(let completion): completion.path
        case .stepFailed(let failed): failed.path
        default: nil
        }
    }

    private var isOfConversation: Bool {
        switch self {
        case .agentTurned, .agentTold, .toolCalled, .toolReturned: true
        default: false
        }
    }
}
