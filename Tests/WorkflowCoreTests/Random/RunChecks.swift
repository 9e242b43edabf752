import JSON
import WorkflowCore
import WorkflowModel

/// What must hold of a run after each decision, whatever it was. It keeps what it needs of the past.
struct RunChecks {
    private var journal: [(event: RunEvent, at: Timestamp)]
    /// The fold of the events as they are read back.
    private var shadow: Run
    /// The newest attempt of each path.
    private var attempts: [String: Int] = [:]
    private var keys: [String: String] = [:]
    private var completed: Set<String> = []
    /// The calls that models made, and those that have returned.
    private var calls: Set<String> = []
    private var returns: Set<String> = []
    private var hasEnded = false
    private var isPaused = false
    private var ending: RunEnding?
    private var underWay: [String: Int] = [:]

    init(_ run: Run) {
        shadow = run
        journal = [(.created(run.creation), run.createdAt)]
    }

    /// Those of a run that begins with the first events of this one's, and the run. Steps that were completed by
    /// then are completed, attempts have been made, and nothing else is as it was.
    func forked(after seq: Int, with fork: RunForked, at moment: Timestamp) throws -> (Decider, RunChecks) {
        let past = Array(journal.prefix(seq))
        guard let replayed = Run.replay(id: fork.namespace, workflow: shadow.workflow, events: past) else {
            throw Violation("The first \(seq) events make no run.")
        }
        let decider = Decider(continuing: replayed, with: .forked(fork), at: moment)
        var checks = RunChecks(decider.run)
        for (event, _) in past { try checks.follow(event) }
        (checks.hasEnded, checks.isPaused, checks.ending) = (false, false, nil)
        checks.journal = past + [(.forked(fork), decider.run.lastAt)]
        return (decider, checks)
    }

    mutating func check(
        _ events: [RunEvent], from before: Run, to run: Run, children: [String: RunStatus]
    ) throws {
        try require(run.seq == before.seq + events.count, "The seq \(run.seq) has a gap.")
        for event in events { try follow(event) }
        try fold(events, run)
        try checkShape(of: run)
        try checkEffects(of: run)
        try require(
            (run.status == .awaiting) == run.waitsForPeopleAlone(children) || !run.isUnderWay,
            "The status \(run.status) is wrong.")
        if run.status.isTerminal {
            let isOver = run.active.isEmpty && run.inner.isEmpty && run.interactions.isEmpty
            try require(isOver && run.nextDeadline(after: run.lastAt) == nil, "What has ended is not over.")
        }
        try require(run.lastAt >= before.lastAt, "Time fell.")
    }

    private func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
        if !condition { throw Violation(message()) }
    }

    // MARK: Replay

    private mutating func fold(_ events: [RunEvent], _ run: Run) throws {
        let text = EventCoding.encode(events, of: run.workflow)
        let decoded = try EventCoding.decode(text, of: run.workflow)
        try require(decoded.count == events.count, "An append is read back as another.")
        for (event, read) in zip(events, decoded) {
            try require(read == event, "An event is read back as another: \(event) \(read)")
            shadow.apply(read, seq: shadow.seq + 1, at: run.lastAt)
            journal.append((read, run.lastAt))
        }
        if let difference = RunDigest(run).difference(from: RunDigest(shadow)) {
            throw Violation("The journal tells another story. \(difference)")
        }
        try restore(run)
    }

    /// A snapshot is the run it was made of, and what is folded from here on is folded upon it.
    private mutating func restore(_ run: Run) throws {
        let text = run.snapshot
        guard let restored = Run(snapshot: text, id: run.id, workflow: run.workflow) else {
            throw Violation("The snapshot cannot be read. \(String(decoding: text, as: UTF8.self))")
        }
        if let difference = Likeness.difference(of: restored, from: run) {
            throw Violation("The snapshot is of another run. \(difference)")
        }
        try require(restored.snapshot == text && shadow.snapshot == text, "Equal runs have several texts.")
        shadow = restored
    }

    func replay(_ run: Run) throws {
        let replayed = Run.replay(id: run.id, workflow: run.workflow, events: journal)
        try require(replayed.map { RunDigest($0) == RunDigest(run) } ?? false, "Replayed, the run is another.")
    }

    // MARK: What may follow what

    private mutating func follow(_ event: RunEvent) throws {
        switch event {
        case .stepStarted(let start): try follow(start)
        case .stepCompleted(let completion):
            try require(completed.insert(completion.path).inserted, "\(completion.path) is completed twice.")
        case .agentTurned(let turned): underWay[turned.path] = nil
        case .toolCalled(let called):
            try require(calls.insert(called.path).inserted, "\(called.path) is called twice.")
        case .toolReturned(let returned):
            try require(returns.insert(returned.path).inserted, "\(returned.path) returns twice.")
        case .statusChanged(let change):
            isPaused = change.isPaused
            if change.executionID != nil { (hasEnded, ending) = (false, nil) }
            if change.from == .start { (completed, keys, calls, returns) = ([], [:], [], []) }
        case .ending(let ending):
            isPaused = false
            self.ending = ending
        case .completed, .failed, .cancelled:
            try require(!hasEnded, "The execution ends twice.")
            hasEnded = true
        case .created, .forked, .imported, .stepFailed, .interactionRequested, .voteRecorded, .interactionResolved,
            .agentTold,
            .logged, .signalReceived, .retryScheduled, .timedOut:
            try require(!hasEnded || event.isHarmless, "Something happens after the end: \(event)")
        }
    }

    private mutating func follow(_ start: StepStarted) throws {
        try require(!isPaused, "\(start.path) starts while the run is paused.")
        try require(!hasEnded, "\(start.path) starts after the end.")
        try require(!completed.contains(start.path), "\(start.path) starts again though it was completed.")
        try require(start.attempt > attempts[start.path] ?? 0, "\(start.path) has the attempt \(start.attempt) again.")
        attempts[start.path] = start.attempt
        guard let ending else { return }
        let isOfTheEnd = start.path.hasPrefix("cleanup") || start.path.contains("/compensate")
        try require(ending.graceUntil == nil && isOfTheEnd, "\(start.path) starts while the run is ending.")
    }

    // MARK: How steps and scopes hang together

    private func checkShape(of run: Run) throws {
        let paths = Set(run.active.map(\.path))
        try require(paths.count == run.active.count, "Two steps share a path.")
        for active in run.active {
            try require(run.scope(active.scope) != nil, "\(active.path) stands in no scope.")
            if case .asking(let id) = active.phase {
                try require(run.interaction(id)?.path == active.path, "\(active.path) asks nothing.")
            }
            try checkFlows(of: active, run)
        }
        for question in run.interactions {
            // A program's step that goes beyond the budget is none yet.
            if run.workflow.program != nil, question.reason == Interaction.budgetReason { continue }
            let phase = run.active(at: question.path)?.phase
            try require(phase == .asking(interactionID: question.id), "Nobody waits for the question \(question).")
        }
        for (key, scope) in run.inner {
            try require(run.active.count { $0.scope == key } == 1, "Not one step stands in the scope \(key).")
            if case .step(let path, _) = scope.owner {
                try require(paths.contains(path), "The scope \(key) has no owner.")
            }
        }
    }

    private func checkFlows(of active: ActiveStep, _ run: Run) throws {
        guard let fanOut = active.fanOut else { return }
        let inside = run.inner.values.compactMap { scope in
            if case .step(active.path, let place) = scope.owner { place } else { nil }
        }
        try require(Set(inside) == fanOut.open, "\(active.path) has other flows than those that are open.")
        guard case .forEach(let forEach) = active.step.kind else { return }
        try require(inside.count <= forEach.maxConcurrency ?? .max, "\(active.path) has too many flows open.")
        for place in inside {
            for other in fanOut.dependencies?.before[place] ?? [] {
                guard case .succeeded? = fanOut.settled[other]?.outcome else {
                    throw Violation("\(active.path)[\(place)] is open before \(other) is done.")
                }
            }
        }
    }

    private mutating func checkEffects(of run: Run) throws {
        for effect in run.effects(underWay: underWay.map { ($0.key, $0.value) }) {
            switch effect {
            case .stopAttempt(let path, let number):
                try require(underWay[path] == number, "An attempt is stopped that is not under way: \(path)")
                underWay[path] = nil
            case .startAttempt(let path, let number):
                guard let active = run.active(at: path), active.attempt == number, active.isPerformed else {
                    throw Violation("An attempt is started that the run does not want: \(path)")
                }
                try require(run.isSurrounded(active), "\(path) starts though what is around it does not run.")
                underWay[path] = number
                let key = run.idempotencyKey(of: active)
                try require(keys.updateValue(key, forKey: path) ?? key == key, "\(path) has another key.")
            }
        }
        try require(run.effects(underWay: underWay.map { ($0.key, $0.value) }).isEmpty, "Effects do not come to rest.")
        try require(Set(keys.values).count == keys.count, "Two steps share an idempotency key.")
    }
}

extension RunEvent {
    /// Whether it may come after the end.
    fileprivate var isHarmless: Bool {
        if case .logged = self { true } else { false }
    }
}

extension Run {
    /// Whether everything around a step is under way.
    fileprivate func isSurrounded(_ step: ActiveStep) -> Bool {
        guard case .step(let path, _)? = scope(step.scope)?.owner else { return true }
        guard let owner = active(at: path) else { return false }
        switch owner.phase {
        case .open: return isSurrounded(owner)
        case .running: return owner.step === workflow.program
        default: return false
        }
    }

    fileprivate func waitsForPeopleAlone(_ children: [String: RunStatus]) -> Bool {
        let isHeld = interactions.contains { $0.reason == Interaction.budgetReason }
        var people = isHeld ? 1 : 0
        for step in active {
            switch step.phase {
            case .asking: people += 1
            case .child(let id, _) where children[id] == .awaiting: people += 1
            case .running where step.step === workflow.program: continue
            case .child, .running, .waiting: return false
            case .entered, .backingOff: if !isHeld && isSurrounded(step) { return false }
            case .open, .failed: continue
            }
        }
        return people > 0
    }
}
