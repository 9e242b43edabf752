import WorkflowModel

// How a run comes to an end that is not its flow's: attempts may finish, then comes the cleanup flow, then everything
// that was done is undone in reverse order, and only then is the run failed or cancelled.

extension Decider {
    /// How long attempts may go on when a run is cancelled gracefully and nobody said how long.
    static let gracePeriod = Duration.seconds(30)

    mutating func cancel(_ reason: String?, _ context: DecisionContext) throws(Refusal) {
        guard !run.status.isTerminal else { throw invalidTransition }
        if let ending = run.ending { return terminate(ending.outcome, context) }
        cancelNow(reason ?? run.options.cancellation.reason, context)
    }

    mutating func cancelNow(_ reason: String?, _ context: DecisionContext) {
        let options = run.options.cancellation
        if options.isGraceful, run.active.contains(where: \.isAtWork) {
            let limit = context.now + (options.gracePeriod ?? Self.gracePeriod)
            return emit(.ending(RunEnding(outcome: .cancelled(reason: reason), graceUntil: limit)), context)
        }
        conclude(.cancelled(reason: reason), context)
    }

    /// A step has failed for good, or the run has: either the run begins again by itself, or it ends.
    mutating func fail(run failure: Failure, _ context: DecisionContext) {
        // A run that is being cancelled stays so.
        guard run.ending == nil else { return }
        let failures = run.failedExecutions + 1
        if let retry = run.options.retry, retry.policy.allows(failure, failures: failures) {
            let delay = retry.policy.delay(afterFailures: failures, chance: context.surroundings.chance())
            return emit(.retryScheduled(failure, at: context.now + delay), context)
        }
        conclude(.failed(failure), context)
    }

    private mutating func conclude(_ outcome: RunEnding.Outcome, _ context: DecisionContext) {
        var hasMore = !run.compensations.isEmpty
        if case .cancelled = outcome, run.workflow.cleanup != nil { hasMore = true }
        // What was not started has done nothing, also where it has another's past.
        if hasMore, run.status != .pending {
            emit(.ending(RunEnding(outcome: outcome, graceUntil: nil)), context)
        } else {
            terminate(outcome, context)
        }
    }

    private mutating func terminate(_ outcome: RunEnding.Outcome, _ context: DecisionContext) {
        switch outcome {
        case .failed(let failure): end(as: .failed, .failed(failure), context)
        case .cancelled(let reason): end(as: .cancelled, .cancelled(reason: reason), context)
        }
    }

    /// The end goes round in circles.
    mutating func giveUp(_ ending: RunEnding, _ context: DecisionContext) {
        let message =
            "Cleaning up and undoing came to more than \(run.stepLimit - run.stepsBeforeEnd) steps and stops here."
        emit(.logged(LogEntry(level: .warning, message: message)), context)
        terminate(ending.outcome, context)
    }

    /// Goes on with the ending; true when there may be something to start.
    mutating func settleEnding(_ context: DecisionContext) -> Bool {
        guard let ending = run.ending, run.isUnderWay else { return false }
        if let limit = ending.graceUntil {
            guard limit <= context.now || !run.active.contains(where: \.isAtWork) else { return false }
            conclude(ending.outcome, context)
            return run.isUnderWay
        }
        if run.active.isEmpty { terminate(ending.outcome, context) }
        return false
    }
}
