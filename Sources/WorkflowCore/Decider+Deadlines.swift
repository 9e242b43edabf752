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
        switch active.phase {
        case .running, .open, .child:
            let message = "The attempt took longer than \(active.step.timeout?.milliseconds ?? 0) ms."
            fail(active, Failure(kind: "step.timedOut", message: message), context)
        case .asking(let id):
            if let question = run.interaction(id) { expire(question, context) }
        case .waiting:
            let fired = active.input["fires"] ?? "duration"
            complete(active, output: ["fired": fired], context)
        case .entered, .backingOff, .failed: return
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
        let others = active.compactMap { active -> Timestamp? in
            guard let deadline = deadline(of: active) else { return nil }
            if case .backingOff = active.phase, deadline <= now || isPaused || !isOpen(active.scope) { return nil }
            return deadline
        }
        for moment in others { earliest = min(earliest ?? moment, moment) }
        if let limit = ending?.graceUntil { earliest = min(earliest ?? limit, limit) }
        if let moment = retryAt, !isPaused { earliest = min(earliest ?? moment, moment) }
        return earliest
    }

    func deadline(of active: ActiveStep) -> Timestamp? {
        // While attempts finish before the end, nothing else happens.
        let isDraining = ending?.graceUntil != nil
        return switch active.phase {
        case .running(let since), .open(let since), .child(_, let since): active.step.timeout.map { since + $0 }
        case .entered, .failed: nil
        case .backingOff(let moment): isDraining ? nil : moment
        case .waiting(let moment): isDraining ? nil : moment
        case .asking(let id): isDraining ? nil : interaction(id)?.expiresAt
        }
    }

    /// When the run's timeout passes, if nothing stops its clock before; between executions there is nothing to time.
    var timeoutDeadline: Timestamp? {
        guard let timeout = options.timeout, !isTimedOut, ending == nil, retryAt == nil, let executionStartedAt
        else { return nil }
        switch timeout.clock {
        case .wall: return executionStartedAt + timeout.after
        case .active: return activeSince.map { $0 + (timeout.after - activeTime) }
        }
    }
}
