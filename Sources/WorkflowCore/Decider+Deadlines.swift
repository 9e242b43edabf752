import JSON
package import WorkflowModel

extension Decider {
    /// Lets everything happen whose time has come.
    mutating func passDeadlines(_ context: DecisionContext) {
        guard run.status == .inProgress || run.status == .awaiting else { return }
        if let deadline = run.timeoutDeadline, deadline <= context.now, timeOut(context) { return }
        for active in run.active {
            guard let deadline = run.deadline(of: active), deadline <= context.now else { continue }
            switch active.phase {
            case .running:
                let message = "The attempt took longer than \(active.step.timeout?.milliseconds ?? 0) ms."
                fail(active, Failure(kind: "step.timedOut", message: message), context)
            case .asking(let id):
                if let question = run.interaction(id) { expire(question, context) }
            case .waiting: complete(active, output: ["fired": "duration"], context)
            case .entered, .backingOff: continue
            }
        }
    }

    /// True when the run ended by it.
    private mutating func timeOut(_ context: DecisionContext) -> Bool {
        guard let timeout = run.options.timeout else { return false }
        emit(.timedOut(timeout), context)
        let message = "The run took longer than \(timeout.after.milliseconds) ms."
        switch timeout.action {
        case .fail: fail(run: Failure(kind: "run.timedOut", message: message, isRetryable: false), context)
        case .cancel: cancel(message, context)
        case .notify: return false
        }
        return true
    }
}

extension Run {
    /// The earliest moment at which something happens by itself; nil when nothing will. A moment that has passed and is waiting for something else
    /// (a retry that nobody here can perform) does not count.
    package func nextDeadline(after now: Timestamp) -> Timestamp? {
        guard status == .inProgress || status == .awaiting else { return nil }
        var earliest = timeoutDeadline
        for active in active {
            guard let deadline = deadline(of: active) else { continue }
            if case .backingOff = active.phase, deadline <= now || isPaused { continue }
            earliest = min(earliest ?? deadline, deadline)
        }
        return earliest
    }

    func deadline(of active: ActiveStep) -> Timestamp? {
        switch active.phase {
        case .entered: nil
        case .running(let since): active.step.timeout.map { since + $0 }
        case .backingOff(let moment), .waiting(let moment): moment
        case .asking(let id): interaction(id)?.expiresAt
        }
    }

    /// When the run's timeout passes, if nothing stops its clock before.
    var timeoutDeadline: Timestamp? {
        guard let timeout = options.timeout, !isTimedOut, let startedAt else { return nil }
        switch timeout.clock {
        case .wall: return startedAt + timeout.after
        case .active: return activeSince.map { $0 + (timeout.after - activeTime) }
        }
    }
}
