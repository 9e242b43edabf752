import WorkflowEngine
import WorkflowModel

/// The events of a run are numbered from 1 without a gap, time does not fall among them, none changes or vanishes, and who
/// listens hears each of them once, in order.
package final class GaplessJournal: Checker {
    private var journals: [RunID: (lastAt: Timestamp, events: [RunEvent])] = [:]
    private var told: [String: [RunID: Int]] = [:]

    package init() {}

    package func observe(_ observation: Observation) throws(Violation) {
        switch observation {
        case .appended(let append): try take(append)
        case .told(let run, let seq, _, let engine):
            let expected = told[engine, default: [:]][run, default: 0] + 1
            guard seq == expected else {
                throw violation("\(engine) told event \(seq) of the run \(run) where \(expected) is next.")
            }
            told[engine, default: [:]][run] = seq
        case .deleted(let run): journals[run] = nil
        case .concluded(let runs): try compare(runs)
        default: break
        }
    }

    private func take(_ append: Append) throws(Violation) {
        let known = journals[append.run] ?? (append.at, [])
        guard append.firstSeq == known.events.count + 1 else {
            throw violation(
                "Event \(append.firstSeq) of the run \(append.run) was appended after event \(known.events.count).")
        }
        guard append.at >= known.lastAt else {
            throw violation("Time falls in the run \(append.run) at event \(append.firstSeq).")
        }
        journals[append.run] = (append.at, known.events + append.events)
    }

    private func compare(_ runs: [StoredRun]) throws(Violation) {
        guard runs.count == journals.count else {
            throw violation("There were \(journals.count) runs in the store, and at the end \(runs.count).")
        }
        for run in runs {
            guard let known = journals[run.id]?.events else {
                throw violation("The run \(run.id) is in the store and was never appended to.")
            }
            guard run.events.map(\.event) == known, run.events.map(\.seq) == Array(1...max(1, known.count)) else {
                throw violation("The journal of the run \(run.id) is another one than was committed.")
            }
        }
    }
}
