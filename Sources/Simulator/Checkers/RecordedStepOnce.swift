import WorkflowEngine
import WorkflowModel

/// A step whose result is recorded is not run again, no attempt is started twice, and no turn of a model is asked for
/// that is recorded.
package final class RecordedStepOnce: Checker {
    private struct Place: Hashable {
        var run: RunID
        var path: String
    }

    private var recorded: [Place: Int] = [:]
    private var started: Set<AttemptKey> = []
    /// How many turns of each agent are recorded.
    private var turns: [Place: Int] = [:]

    package init() {}

    package func observe(_ observation: Observation) throws(Violation) {
        switch observation {
        case .appended(let append):
            for case .stepCompleted(let completion) in append.events {
                recorded[Place(run: append.run, path: completion.path)] = completion.attempt
            }
            for event in append.events {
                switch event {
                case .toolReturned(let returned): recorded[Place(run: append.run, path: returned.path)] = .max
                case .agentTurned(let turned): turns[Place(run: append.run, path: turned.path)] = turned.turn
                // A conversation that came to no end begins anew.
                case .stepFailed(let failed) where failed.failure.kind == "model.turnsExceeded":
                    turns[Place(run: append.run, path: failed.path)] = nil
                default: break
                }
            }
        case .turnStarted(let key, let turn, let engine):
            let known = turns[Place(run: key.runID, path: key.path), default: 0]
            guard turn == known + 1 else {
                throw violation("\(engine) asked for turn \(turn) of \(key.text), when \(known) are recorded.")
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
