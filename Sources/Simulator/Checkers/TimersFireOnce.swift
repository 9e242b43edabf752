import JSON
import WorkflowEngine
import WorkflowModel

/// Every deadline passes once, and none before its moment: waits, retries of steps and of runs, questions, timeouts.
package final class TimersFireOnce: Checker {
    private struct Timers {
        /// Waits by path: when they end at the latest, if time ends them.
        var waits: [String: Timestamp?] = [:]
        var backoffs: [String: Timestamp] = [:]
        var retryAt: Timestamp?
        var isTimedOut = false
        /// Open questions, and when they expire.
        var questions: [String: Timestamp?] = [:]

        /// What goes on inside a step that failed begins again, or never.
        mutating func forget(below path: String) {
            func isBelow(_ other: String) -> Bool { other.hasPrefix(path + "[") || other.hasPrefix(path + "/") }
            waits = waits.filter { !isBelow($0.key) }
            backoffs = backoffs.filter { !isBelow($0.key) }
        }
    }

    private var runs: [RunID: Timers] = [:]

    package init() {}

    package func observe(_ observation: Observation) throws(Violation) {
        guard case .appended(let append) = observation else { return }
        var timers = runs[append.run] ?? Timers()
        for event in append.events {
            if let wrong = take(event, at: append.at, &timers) { throw violation("In the run \(append.run) \(wrong).") }
        }
        runs[append.run] = timers
    }

    /// What is wrong with it.
    private func take(_ event: RunEvent, at: Timestamp, _ timers: inout Timers) -> String? {
        switch event {
        case .stepStarted(let start):
            if let moment = timers.backoffs.removeValue(forKey: start.path), at < moment {
                return "\(start.path) was retried before its delay had passed"
            }
            if start.kind == "wait" { timers.waits[start.path] = .some(start.until) }
        case .stepCompleted(let completion):
            guard let fired = completion.output["fired"]?.string else { return nil }
            guard let until = timers.waits.removeValue(forKey: completion.path) else {
                return "the wait \(completion.path) ended twice"
            }
            if fired != "signal", at < until ?? .latest { return "the wait \(completion.path) ended before its moment" }
        case .stepFailed(let failed):
            timers.forget(below: failed.path)
            timers.backoffs[failed.path] = failed.willRetryAt
        case .interactionRequested(let question):
            guard timers.questions.updateValue(question.expiresAt, forKey: question.id) == nil else {
                return "the question \(question.id) was asked twice"
            }
        case .interactionResolved(let resolution):
            guard let expiry = timers.questions.removeValue(forKey: resolution.interactionID) else {
                return "the question \(resolution.interactionID) was settled twice"
            }
            if resolution.outcome == .expired, at < expiry ?? .latest { return "a question expired before its moment" }
        case .retryScheduled(_, let moment):
            (timers.waits, timers.backoffs, timers.questions) = ([:], [:], [:])
            guard timers.retryAt == nil else { return "a retry was scheduled twice" }
            timers.retryAt = moment
        case .statusChanged(let change) where change.executionID != nil:
            defer { timers = Timers() }
            guard change.from != nil, !change.previous.isTerminal, change.previous != .pending else { return nil }
            guard let moment = timers.retryAt else { return "an execution began that nobody asked for" }
            if at < moment { return "an execution began before its moment" }
        // What was due in the run whose past this is, is not here.
        case .forked: timers = Timers()
        case .timedOut:
            if timers.isTimedOut { return "the timeout passed twice" }
            timers.isTimedOut = true
        default: break
        }
        return nil
    }
}
