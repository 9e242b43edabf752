import JSON
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// A run has at most one owner: it changes hands only with a new epoch and never from an engine that runs, nobody else
/// starts its bodies, and only the attempt that counts gives the result.
package final class OneOwner: Checker {
    private var rows: [RunID: RunRecord] = [:]
    private var running: Set<String> = []
    /// Those that ran when the turn was opened that is being committed: while it is, one that stood still may wake.
    private var runningAtOpening: Set<String> = []

    package init() {}

    package func observe(_ observation: Observation) throws(Violation) {
        switch observation {
        case .engineStarted(let engine), .engineThawed(let engine): running.insert(engine)
        case .engineGone(let engine), .engineFrozen(let engine): running.remove(engine)
        case .turnOpened: runningAtOpening = running
        case .stored(let row): try take(row)
        case .bodyStarted(let key, let engine), .turnStarted(let key, _, let engine):
            let owner = rows[key.runID]?.owner
            guard owner == engine else {
                throw violation("\(engine) started \(key.text), while \(owner ?? "nobody") owns the run.")
            }
        case .appended(let append):
            for case .stepCompleted(let completion) in append.events {
                // What a body gave says whose it is; a step around it may pass it on.
                guard completion.output["of"]?.string == "\(append.run)/\(completion.path)",
                    let attempt = completion.output["attempt"]?.int, attempt != completion.attempt
                else { continue }
                throw violation(
                    "The result of attempt \(attempt) of \(append.run)/\(completion.path) was taken as that of attempt "
                        + "\(completion.attempt).")
            }
        default: break
        }
    }

    private func take(_ row: RunRecord) throws(Violation) {
        defer { rows[row.id] = row }
        guard let known = rows[row.id] else { return }
        guard row.epoch >= known.epoch else { throw violation("The epoch of the run \(row.id) falls.") }
        guard let owner = row.owner, owner != known.owner else { return }
        guard row.epoch > known.epoch else {
            throw violation("The run \(row.id) came to \(owner) without a new epoch.")
        }
        if let before = known.owner, runningAtOpening.contains(before) {
            throw violation("\(owner) took the run \(row.id) from \(before), which runs.")
        }
    }
}
