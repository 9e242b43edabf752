import WorkflowEngine
import WorkflowModel

/// A step whose result is recorded is not run again, and no attempt is started twice.
package final class RecordedStepOnce: Checker {
    private struct Place: Hashable {
        var run: RunID
        var path: String
    }

    private var recorded: [Place: Int] = [:]
    private var started: Set<AttemptKey> = []

    package init() {}

    package func observe(_ observation: Observation) throws(Violation) {
        switch observation {
        case .appended(let append):
            for case .stepCompleted(let completion) in append.events {
                recorded[Place(run: append.run, path: completion.path)] = completion.attempt
            }
        case .bodyStarted(let key, let engine):
            if let attempt = recorded[Place(run: key.runID, path: key.path)], attempt >= key.number {
                throw violation("\(engine) ran \(key.text), which is recorded with attempt \(attempt).")
            }
            guard started.insert(key).inserted else { throw violation("\(engine) ran \(key.text) a second time.") }
        default: break
        }
    }
}
