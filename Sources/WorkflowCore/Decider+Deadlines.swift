import JSON
package import WorkflowModel

extension Decider {
    /// Lets everything happen whose time has come.
    mutating func passDeadlines(_ context: DecisionContext) {
        guard run.isUnderWay else { return }
        if let moment = run.retryAt, moment <= context.now, !run.isPaused, run.ending == nil {
            begin(context.surroundings.makeID(), from: run.options.retry?.from ?? .checkpoint, context)
        }
        if let deadline = run.timeoutDeadline, deadline <= context.now, timeOut(context) { return }
        for path in run.active.map(\.path) {
            // What happens to one step may take others with it.
            guard run.isUnderWay, let active = run.active(at: path), let deadline = run.deadline(of: active),
                deadline <= context.now
            else { continue }
            pass(active, context)
        }
    }

    private mutating func pass(_ active: ActiveStep, _ context: DecisionContext) {
        let expiry = run.expiry(of: active)
        if let limit = run.attemptLimit(of: active), limit <= context.now, expiry.map({ limit < $0 }) ?? true {
            let message = "The attempt took longer than \(active.step.timeout?.milliseconds ?? 0) ms."
            return fail(active, Failure(kind: "step.timedOut", message: message), context)
        }
        switch active.phase {
        case .asking(let id):
            if let question = run.interaction(id) { expire(question, context) }
        case .waiting:
            let fired = active.input["fires"] ?? "duration"
            complete(active, output: ["fired": fired], context)
        case .running, .open, .child, .entered, .backingOff, .failed: return
        }
    }

    /// True when the run ended by it.
    private mutating func timeOut(_ context: DecisionContext) -> Bool {
        guard let timeout = run.options.timeout else { return false }
        emit(.timedOut(timeout), context)
        let message = "The run took longer than \(timeout.after.milliseconds) ms."
        switch timeout.action {
        case .fail: fail(run: Failure(kind: "run.timedOut", message: message, isRetryable: false), context)
        case .cancel: cancelNow(message, context)
        case .notify: return false
        }
        return true
    }
}

extension Run {
    /// The earliest moment at which something happens by itself; nil when nothing will. A moment that has passed and is
    /// waiting for something else (a retry that nobody here can perform) does not count.
    package func nextDeadline(after now: Timestamp) -> Timestamp? {
        guard isUnderWay else { return nil }
        var earliest = timeoutDeadline
        for index in active.indices {
            guard let deadline = deadline(of: active[index]) else { continue }
            if case .backingOff = active[index].phase,
                deadline <= now || isPaused || !isOpen(active[index].scope)
            {
                continue
            }
            earliest = min(earliest ?? deadline, deadline)
        }
        if let limit = ending?.graceUntil { earliest = min(earliest ?? limit, limit) }
        if let moment = retryAt, !isPaused { earliest = min(earliest ?? moment, moment) }
        return earliest
    }

    /// The earliest moment at which something happens to the step by itself.
    func deadline(of active: ActiveStep) -> Timestamp? {
        // While attempts finish before the end, nothing else happens.
        if ending?.graceUntil != nil, !active.isAtWork { return nil }
        guard let limit = attemptLimit(of: active) else { return expiry(of: active) }
        return expiry(of: active).map { min($0, limit) } ?? limit
    }

    /// When the attempt has taken too long.
    func attemptLimit(of active: ActiveStep) -> Timestamp? {
        guard let timeout = active.step.timeout else { return nil }
        switch active.phase {
        case .running(let since), .open(let since), .child(_, let since), .waiting(let since, _):
            return since + timeout
        case .asking(let id):
            // Whether the attempt may be made again is no part of it.
            return interaction(id).flatMap { $0.reason == nil ? $0.createdAt + timeout : nil }
        case .entered, .backingOff, .failed: return nil
        }
    }

    /// When what the step waits for is over.
    func expiry(of active: ActiveStep) -> Timestamp? {
        switch active.phase {
        case .backingOff(let moment): moment
        case .waiting(_, let moment): moment
        case .asking(let id): interaction(id)?.expiresAt
        case .entered, .running, .open, .child, .failed: nil
        }
    }

    /// When the run's timeout passes, if nothing stops its clock before; between executions there is nothing to time.
    package var timeoutDeadline: Timestamp? {
        guard let timeout = origin.options.timeout, !isTimedOut, ending == nil, retryAt == nil, let executionStartedAt
        else { return nil }
        switch timeout.clock {
        case .wall: return executionStartedAt + timeout.after
        case .active: return activeSince.map { $0 + (timeout.after - activeTime) }
        }
    }
}
