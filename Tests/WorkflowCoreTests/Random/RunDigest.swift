import JSON
import WorkflowCore
import WorkflowModel

/// All that can be seen of a run, to compare two.
struct RunDigest: Equatable {
    private var parts: [(name: String, value: AnyHashable)]

    init(_ run: Run) {
        parts = [
            ("status", run.status), ("isPaused", run.isPaused), ("seq", run.seq), ("lastAt", run.lastAt),
            ("startedAt", run.startedAt), ("executionStartedAt", run.executionStartedAt), ("endedAt", run.endedAt),
            ("executions", run.executions.map { "\($0.firstSeq) \($0.id)" }), ("state", run.state),
            ("root", ScopeDigest(run.root)), ("inner", run.inner.mapValues(ScopeDigest.init)),
            ("active", run.active.map(StepDigest.init)), ("stepCount", run.stepCount),
            ("stepsBeforeEnd", run.stepsBeforeEnd),
            ("highestAttempt", run.highestAttempt), ("attemptBase", run.attemptBase), ("renewal", run.renewal),
            ("interactions", run.interactions), ("signals", run.signals), ("signalKeys", run.signalKeys),
            ("compensations", run.compensations.map { [.string($0.path), $0.result, .object($0.locals)] }),
            ("undone", run.undone), ("ending", run.ending), ("checkpoint", run.checkpoint?.active.map(StepDigest.init)),
            ("checkpoint's scopes", run.checkpoint?.inner.mapValues(ScopeDigest.init)),
            ("conversations", run.conversations), ("approvedCalls", run.approvedCalls), ("usage", run.usage),
            ("modelBudgetGrants", run.modelBudgetGrants), ("failedExecutions", run.failedExecutions),
            ("retryAt", run.retryAt), ("budgetGrants", run.budgetGrants),
            ("progress", run.progress), ("output", run.output), ("failure", run.failure),
            ("cancelReason", run.cancelReason), ("isTimedOut", run.isTimedOut), ("activeTime", run.activeTime),
            ("activeSince", run.activeSince), ("nextDeadline", run.nextDeadline(after: run.lastAt)),
        ]
    }

    static func == (left: RunDigest, right: RunDigest) -> Bool {
        left.difference(from: right) == nil
    }

    /// The first part in which the two differ.
    func difference(from other: RunDigest) -> String? {
        for (mine, theirs) in zip(parts, other.parts) where mine.value != theirs.value {
            return "\(mine.name): \(mine.value) and \(theirs.value)"
        }
        return nil
    }
}

private struct StepDigest: Hashable {
    var path: String
    var name: String
    var iteration: Int
    var scope: String
    var phase: ActiveStep.Phase
    var attempt: Int
    var failures: Int
    var input: JSONValue?
    var items: [JSONValue]?
    var keys: [String]?
    var dependencies: Dependencies?
    var settled: [FanOut.Settled?]?
    var open: Set<Int>?
    var next: [Int?]?
    var firstFailure: Failure?
    var opened: [ProgramRecord.Entry]?
    var change: ProgramChange?

    init(_ step: ActiveStep) {
        (path, name, iteration, scope) = (step.path, step.step.name, step.iteration, step.scope)
        (phase, attempt, failures, input) = (step.phase, step.attempt, step.failures, step.recordedInput)
        (items, keys, dependencies) = (step.fanOut?.items, step.fanOut?.keys, step.fanOut?.dependencies)
        (settled, open, firstFailure) = (step.fanOut?.settled, step.fanOut?.open, step.fanOut?.firstFailure)
        opened = step.program?.entries
        change = step.program?.change
        next = step.fanOut.map { [$0.nextToOpen(limit: nil), $0.isDone ? 1 : 0] }
    }
}

private struct ScopeDigest: Hashable {
    var key: String
    var owner: Scope.Owner
    var openedAt: Timestamp
    var locals: JSONObject
    var results: JSONObject
    var lastResult: JSONValue
    var iterations: [String: Int]
    var best: Draft?

    init(_ scope: Scope) {
        (key, owner, openedAt, locals) = (scope.key, scope.owner, scope.openedAt, scope.locals)
        (results, lastResult, iterations, best) = (scope.results, scope.lastResult, scope.iterations, scope.best)
    }
}
