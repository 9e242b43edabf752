import WorkflowCore
import WorkflowEngine
import WorkflowModel

/// Whoever folds a run's journal gets the same run: the engine that decided it, and everybody who reads it later.
package final class SameReplay: Checker {
    private var folds: [RunID: Run] = [:]

    package init() {}

    package func observe(_ observation: Observation) throws(Violation) {
        switch observation {
        case .appended(let append): folds[append.run] = append.fold
        case .deleted(let run): folds[run] = nil
        case .remembered(let run, let engine):
            guard let fold = folds[run.id] else { return }
            if let member = run.difference(from: fold) {
                throw violation("\(engine) has the run \(run.id) with another \(member) than its journal folds to.")
            }
        case .concluded(let runs):
            for stored in runs {
                let events = stored.events.map { (event: $0.event, at: $0.at) }
                let replayed = Run.replay(id: stored.id, workflow: stored.workflow, events: events)
                guard let replayed, let fold = folds[stored.id] else {
                    throw violation("The run \(stored.id) cannot be replayed.")
                }
                if let member = replayed.difference(from: fold) {
                    throw violation("The run \(stored.id) is replayed with another \(member).")
                }
            }
        default: break
        }
    }
}

extension Run {
    /// The first member that is not the same; nil when the runs are.
    fileprivate func difference(from other: Run) -> String? {
        if seq != other.seq { return "seq (\(seq) and \(other.seq))" }
        if status != other.status || isPaused != other.isPaused { return "status" }
        if lastAt != other.lastAt || startedAt != other.startedAt || endedAt != other.endedAt { return "time" }
        if state != other.state { return "state" }
        if !active.elementsEqual(other.active, by: { $0.isSame(as: $1) }) { return "set of active steps" }
        if inner.keys != other.inner.keys { return "set of scopes" }
        if !root.isSame(as: other.root) { return "root scope" }
        for (key, scope) in inner where !scope.isSame(as: other.inner[key]) { return "scope" }
        if interactions != other.interactions { return "set of questions" }
        if signals != other.signals || signalKeys != other.signalKeys { return "queue of signals" }
        if compensations.map(\.path) != other.compensations.map(\.path) { return "list of compensations" }
        if ending != other.ending || output != other.output || failure != other.failure { return "end" }
        if stepCount != other.stepCount || highestAttempt != other.highestAttempt { return "count of steps" }
        if retryAt != other.retryAt || failedExecutions != other.failedExecutions { return "retry" }
        if activeTime != other.activeTime || activeSince != other.activeSince { return "active clock" }
        if progress != other.progress || isTimedOut != other.isTimedOut { return "progress" }
        return nil
    }
}

extension ActiveStep {
    fileprivate func isSame(as other: ActiveStep) -> Bool {
        path == other.path && phase == other.phase && attempt == other.attempt && failures == other.failures
            && recordedInput == other.recordedInput && fanOut?.settled == other.fanOut?.settled
            && fanOut?.open == other.fanOut?.open
            && program?.entries == other.program?.entries
    }
}

extension Scope {
    fileprivate func isSame(as other: Scope?) -> Bool {
        guard let other else { return false }
        return results == other.results && lastResult == other.lastResult && iterations == other.iterations
            && locals == other.locals && best == other.best
    }
}
