import WorkflowCore
import WorkflowModel
import WorkflowStore

/// A run as its journal tells it.
struct Fold: Sendable {
    var run: Run
    var tail = JournalTail()
}

/// What there is of a run to be folded. To fold it asks nobody, so any thread may.
struct UnfoldedRun: Sendable {
    let record: RunRecord
    /// What the run is called in the fold.
    let id: RunID
    let workflow: Workflow
    /// The last event that is wanted.
    let seq: Int
    /// What its newest snapshot until then has.
    let start: Fold?
    /// What follows, and no more than somewhat beyond `seq`.
    var entries: [JournalEntry] = []

    func fold() throws(StoreError) -> Fold {
        let first = start?.run.seq ?? 0
        var tail = start?.tail ?? JournalTail()
        var events: [(event: RunEvent, at: Timestamp)] = []
        var read = first
        for entry in entries {
            try record.demand(entry, follows: read)
            guard entry.firstSeq <= seq else { break }
            let known = events.count
            read = entry.firstSeq - 1
            for event in try record.events(of: entry, workflow) {
                read += 1
                if read > first && read <= seq { events.append((event, entry.at)) }
            }
            tail.add(events: events.count - known, bytes: entry.events.count)
        }
        if read < seq { try record.demandNothing(after: read) }
        guard let run = Run.replay(id: id, workflow: workflow, events: events, from: start?.run) else {
            throw .corrupt("The journal of the run \(record.id) is damaged: its events do not make a run.")
        }
        return Fold(run: run, tail: tail)
    }
}

extension RunRecord {
    /// A page that is damaged may have lost rows without anybody noticing: a run is made of all its events, or of none.
    func demand(_ entry: JournalEntry, follows seq: Int) throws(StoreError) {
        guard entry.firstSeq > seq + 1 else { return }
        throw .corrupt("The journal of the run \(id) lacks its events \(seq + 1) to \(entry.firstSeq - 1).")
    }

    /// The same of its end, as far as the row knows it, which is read before the journal.
    func demandNothing(after seq: Int) throws(StoreError) {
        guard let known = lastSeq, known > seq else { return }
        throw .corrupt("The journal of the run \(id) lacks its events \(seq + 1) to \(known).")
    }

    func events(of entry: JournalEntry, _ workflow: Workflow) throws(StoreError) -> [RunEvent] {
        do {
            return try EventCoding.decode(entry.events, of: workflow)
        } catch {
            guard let type = error.type else {
                throw .corrupt("The journal of the run \(id) cannot be read at seq \(entry.firstSeq).")
            }
            throw .corrupt("The journal of the run \(id) has an event this version does not know: \(type).")
        }
    }
}
