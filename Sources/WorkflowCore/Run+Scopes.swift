import JSON
import WorkflowModel

// How scopes open and close: the part of `apply` that follows from the shape of the flow alone.

extension Run {
    /// The way from one step to the next within a flow, or out of it.
    mutating func go(to target: Target, in key: String, leaving outcome: FanOut.Outcome, at: Timestamp) {
        if target == .end { close(key, leaving: outcome, at: at) } else { enter(target, in: key, at: at) }
    }

    mutating func enter(_ target: Target, in key: String, at: Timestamp) {
        guard case .step(let name) = target, let step = flow(of: key)?[name] else { return }
        var (iteration, path) = (1, "")
        change(scope: key) { scope in
            // At once for all its steps, or the table would grow with the first ones.
            if scope.iterations.isEmpty { scope.iterations.reserveCapacity(min(scope.flow.steps.count, 16)) }
            iteration = Self.next(&scope.iterations[name, default: 0])
            path = scope.path(of: name, iteration: iteration)
        }
        active.append(
            ActiveStep(path: path, step: step, iteration: iteration, scope: key, attempt: attemptBefore(path)))
    }

    private static func next(_ count: inout Int) -> Int {
        count += 1
        return count
    }

    mutating func close(_ key: String, leaving outcome: FanOut.Outcome, at: Timestamp) {
        // The root stays: what it left is the run's.
        guard let scope = inner.removeValue(forKey: key) else { return }
        switch scope.owner {
        case .run: break
        case .step(let path, let place):
            let seq = seq
            change(path) { owner in
                owner.fanOut?.settle(place, outcome, duration: at - scope.openedAt)
                owner.program?.end(key, outcome, seq: seq)
            }
            openFlows(of: path, at: at)
        case .cleanup, .compensation: enterNextCompensation(at: at)
        }
    }

    /// Opens as many of a step's flows as may be open.
    mutating func openFlows(of path: String, at: Timestamp) {
        while let index = position(of: path), let place = active[index].nextToOpen { open(place, of: path, at: at) }
    }

    private mutating func open(_ place: Int, of path: String, at: Timestamp) {
        change(path) { $0.fanOut?.open(place) }
        guard let owner = active(at: path), let fanOut = owner.fanOut,
            let (label, flow) = owner.step.kind.flow(at: place, of: fanOut)
        else { return }
        let base = label.map { "\(owner.path)[\($0)]" } ?? owner.path
        let key = flow.isSingleStep ? base : base + "/"
        let outer = scope(owner.scope)
        var locals = outer?.locals ?? [:]
        if case .forEach(let forEach) = owner.step.kind {
            locals[forEach.itemName] = fanOut.items[place]
            locals["index"] = .number(JSONNumber(place))
            if forEach.resultShape == .workers { locals["results"] = fanOut.resultsBefore(place) }
        }
        inner[key] = Scope(
            key: key, flow: flow, owner: .step(path: owner.path, position: place), at: at, locals: locals,
            results: outer?.results ?? [:], lastResult: outer?.lastResult ?? .null)
        enter(flow.start, in: key, at: at)
    }

    /// Whether everything around a step is under way, so that the step may be.
    func isOpen(_ key: String) -> Bool {
        var key = key
        while let path = owner(ofScope: key) {
            guard let owner = active(at: path), owner.isOpen else { return false }
            key = owner.scope
        }
        return true
    }

    /// The path of the step that a scope is in, if it is in one; the scope itself is not copied.
    func owner(ofScope key: String) -> String? {
        guard !key.isEmpty, case .step(let path, _)? = inner[key]?.owner else { return nil }
        return path
    }

    // MARK: The end

    private static let cleanupName = "cleanup"

    /// Whether cleanup and compensation run.
    var isWindingUp: Bool {
        ending.map { $0.graceUntil == nil } ?? false
    }

    mutating func apply(_ ending: RunEnding, at: Timestamp) {
        self.ending = ending
        isPaused = false
        guard ending.graceUntil == nil else { return }
        if checkpoint == nil { checkpoint = Checkpoint(active: active.map(\.reentered), inner: inner) }
        (active, inner, interactions, retryAt) = ([], [:], [], nil)
        stepsBeforeEnd = stepCount
        guard case .cancelled = ending.outcome, let cleanup = workflow.cleanup, cleanup.start != .end else {
            return enterNextCompensation(at: at)
        }
        // A run that is cancelled again cleans up again: the steps are other ones then. The name is no step's.
        let iteration = root.iterations[Self.cleanupName, default: 0] + 1
        root.iterations[Self.cleanupName] = iteration
        let key = Self.cleanupName + (iteration == 1 ? "/" : "#\(iteration)/")
        openAtEnd(cleanup, key: key, owner: .cleanup, locals: [:], result: root.lastResult, at: at)
    }

    /// What was done last is undone first.
    private mutating func enterNextCompensation(at: Timestamp) {
        guard let next = compensations.popLast() else { return }
        // Where everything began anew, a path may have been done twice: each is undone for itself.
        let times = undone[next.path, default: 0] + 1
        undone[next.path] = times
        let key = "\(next.path)/\(next.step.name)" + (times == 1 ? "" : "#\(times)")
        openAtEnd(
            Flow(single: next.step), key: key, owner: .compensation, locals: next.locals, result: next.result, at: at)
    }

    private mutating func openAtEnd(
        _ flow: Flow, key: String, owner: Scope.Owner, locals: JSONObject, result: JSONValue, at: Timestamp
    ) {
        inner[key] = Scope(
            key: key, flow: flow, owner: owner, at: at, locals: locals, results: root.results, lastResult: result)
        enter(flow.start, in: key, at: at)
    }
}

extension ActiveStep {
    /// The next of its flows that may be opened now.
    fileprivate var nextToOpen: Int? {
        guard case .open = phase, let fanOut, step.kind.failureStrategy == .collectAll || fanOut.firstFailure == nil
        else { return nil }
        return fanOut.nextToOpen(limit: step.kind.maxConcurrency)
    }
}

extension StepKind {
    /// How many elements of a list may be under way at once when its document does not say: as many as the steps that a
    /// run has by default.
    static let defaultConcurrency = Run.defaultStepLimit

    /// How many of the flows inside may be under way at once; nil sets no limit.
    var maxConcurrency: Int? {
        if case .forEach(let forEach) = self { forEach.maxConcurrency ?? Self.defaultConcurrency } else { nil }
    }

    var failureStrategy: FailureStrategy {
        switch self {
        case .parallel(let parallel): parallel.failureStrategy
        case .forEach(let forEach): forEach.failureStrategy
        // A tool that fails tells its agent so.
        case .agent, .program: .collectAll
        case .call, .command, .tool, .workflow, .approval, .input, .wait, .pattern, .set, .fail, .hosted: .failFast
        }
    }

    /// The flow that stands at a place, and its label in paths.
    fileprivate func flow(at place: Int, of fanOut: FanOut) -> (label: String?, flow: Flow)? {
        switch self {
        case .parallel(let parallel):
            let branch = parallel.branches[place]
            return (branch.name, branch.flow)
        case .forEach(let forEach):
            switch forEach.body {
            case .flow(let flow): return (String(place), flow)
            case .workers(let workers):
                let name = fanOut.items[place]["worker"]?.string
                return workers.first { $0.name == name }.map { (String(place), $0.flow) }
            }
        case .pattern(let pattern): return (nil, pattern.flow)
        case .call, .command, .agent, .tool, .workflow, .approval, .input, .wait, .set, .fail, .program, .hosted:
            return nil
        }
    }
}
