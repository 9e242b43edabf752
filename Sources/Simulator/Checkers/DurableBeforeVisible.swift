import WorkflowEngine
import WorkflowModel

/// Nothing leaves an engine before what caused it is committed: no event, no text, no answer, no body.
package final class DurableBeforeVisible: Checker {
    private var journals: [RunID: [RunEvent]] = [:]
    private var starts: Set<AttemptKey> = []
    /// What was said of a run in the turn that deleted it was true when it was said.
    private var deleted: Set<RunID> = []

    package init() {}

    package func observe(_ observation: Observation) throws(Violation) {
        switch observation {
        case .appended(let append):
            journals[append.run, default: []] += append.events
            for case .stepStarted(let start) in append.events {
                starts.insert(AttemptKey(runID: append.run, path: start.path, number: start.attempt))
            }
            for case .toolCalled(let call) in append.events {
                guard let attempt = call.attempt else { continue }
                starts.insert(AttemptKey(runID: append.run, path: call.path, number: attempt))
            }
        case .deleted(let run): deleted.insert(run)
        case .told(let run, let seq, let event, let engine) where !deleted.contains(run):
            let journal = journals[run] ?? []
            guard seq <= journal.count, journal[seq - 1] == event else {
                throw violation(
                    "\(engine) told event \(seq) (\(event.type)) of the run \(run), which is not committed.")
            }
        case .textTold(let key, _, _, let engine): try check(key, "text of", by: engine)
        case .bodyStarted(let key, let engine), .turnStarted(let key, _, let engine):
            try check(key, "the body of", by: engine)
        case .answered(let request, let engine, let run?, let seq?) where !deleted.contains(run):
            guard seq <= journals[run]?.count ?? 0 else {
                throw violation(
                    "\(engine) answered request \(request) with event \(seq) of the run \(run), which is not committed."
                )
            }
        default: break
        }
    }

    private func check(_ key: AttemptKey, _ what: String, by engine: String) throws(Violation) {
        guard starts.contains(key) else {
            throw violation("\(engine) let out \(what) \(key.text), whose start is not committed.")
        }
    }
}

extension AttemptKey {
    var text: String { "\(runID)/\(path)#\(number)" }
}
