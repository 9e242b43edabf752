import WorkflowEngine
import WorkflowModel
import WorkflowStore

extension Observation: CustomStringConvertible {
    /// A line of the trace.
    package var description: String {
        switch self {
        case .engineStarted(let engine): "\(engine) started"
        case .engineGone(let engine): "\(engine) is gone"
        case .engineFrozen(let engine): "\(engine) froze"
        case .engineThawed(let engine): "\(engine) thawed"
        case .turnOpened(let engine): "\(engine) opened a turn"
        case .appended(let append):
            "\(append.run) \(append.at): "
                + append.numbered.map { "\($0.seq) \($0.event.summary)" }.joined(separator: ", ")
        case .stored(let row):
            "\(row.id) is \(row.status.rawValue), owner \(row.owner ?? "none"), epoch \(row.epoch), "
                + "wakes \(row.wakeAt?.description ?? "never")"
        case .deleted(let run): "\(run) is deleted"
        case .written(let snapshot, let run, let engine): "\(engine) wrote down \(run) at \(snapshot.seq)"
        case .remembered(let run, let engine): "\(engine) remembers \(run.id) at \(run.seq)"
        case .told(let run, let seq, let event, let engine): "\(engine) told \(run) \(seq) \(event.type)"
        case .textTold(let key, let offset, let text, let engine):
            "\(engine) told \(text.count) bytes of \(key.text) at \(offset)"
        case .asked(let request, let engine, let what): "\(engine) is asked \(request): \(what)"
        case .answered(let request, let engine, let run, let seq):
            "\(engine) answered \(request): \(run ?? "-") \(seq.map(String.init) ?? "-")"
        case .turnStarted(let key, let turn, let engine): "\(engine) asks for turn \(turn) of \(key.text)"
        case .bodyStarted(let key, let engine): "\(engine) runs \(key.text)"
        case .fault(let fault, let place): "FAULT \(fault.rawValue) on \(place)"
        case .concluded(let runs): "concluded with \(runs.count) runs"
        }
    }
}

extension RunEvent {
    /// Its type, and what it is about.
    fileprivate var summary: String {
        switch self {
        case .statusChanged(let change): "\(type) \(change.status.rawValue)\(change.isPaused ? " paused" : "")"
        case .stepStarted(let start): "\(type) \(start.path)#\(start.attempt)"
        case .stepCompleted(let completion): "\(type) \(completion.path)#\(completion.attempt)"
        case .stepFailed(let failed): "\(type) \(failed.path)#\(failed.attempt) \(failed.failure.kind)"
        case .interactionRequested(let question): "\(type) \(question.path)"
        case .interactionResolved(let resolution): "\(type) \(resolution.path) \(resolution.outcome.rawValue)"
        case .logged(let entry): "\(type) \(entry.message)"
        case .failed(let failure): "\(type) \(failure.kind)"
        default: type
        }
    }
}
