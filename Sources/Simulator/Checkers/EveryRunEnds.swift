import WorkflowCore
import WorkflowEngine
import WorkflowModel

/// Once nothing goes wrong any more, every question is answered and every body answers, each run comes to its end.
package final class EveryRunEnds: Checker {
    package init() {}

    package func observe(_ observation: Observation) throws(Violation) {
        guard case .concluded(let runs) = observation else { return }
        for stored in runs {
            let events = stored.events.map { (event: $0.event, at: $0.at) }
            let run = Run.replay(id: stored.id, workflow: stored.workflow, events: events)
            guard let run, !run.status.isTerminal else { continue }
            let steps = run.active.map { "\($0.path) \($0.phase)" }.joined(separator: ", ")
            throw violation("The run \(stored.id) is still \(run.status.rawValue): \(steps).")
        }
    }
}
