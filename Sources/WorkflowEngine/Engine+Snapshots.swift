import WorkflowCore
package import WorkflowModel
package import WorkflowStore

/// When the state of a run is written down, so that nobody must fold all of its journal again. A run of a few steps never
/// is. What is written down stays within a part of what happened, however great the state grows.
package struct SnapshotRule: Sendable {
    /// So many events after the last one, while somebody performs the run.
    package var events = 256
    /// So many where the run is at rest: the next one who wants it must read it.
    package var eventsAtRest = 64
    /// How much more than the last snapshot there must be to fold: else a great state would be written again and again.
    package var growth = 4

    package init() {}
}

/// What there is of a run's journal beyond its newest snapshot.
struct JournalTail {
    var events = 0
    var bytes = 0
    /// How many bytes the snapshot has; 0 without one.
    var snapshotBytes = 0

    mutating func add(events: Int, bytes: Int) {
        self.events += events
        self.bytes += bytes
    }
}

/// A run as its journal tells it.
struct Fold {
    var run: Run
    var tail = JournalTail()
}

extension Engine {
    /// Writes down the states of the turn's runs whose journals have become long.
    func writeSnapshots() {
        let rule = configuration.snapshots
        for live in turn.touched where live.tail.events >= rule.eventsAtRest && isSnapshotDue(live, rule) {
            let record = SnapshotRecord(
                run: live.record.key, seq: live.run.seq, version: Run.snapshotVersion, state: live.run.snapshot)
            do {
                try journal.put(record)
            } catch {
                _ = fault(error)
                return
            }
            live.record.snapshotSeq = record.seq
            live.tail = JournalTail(snapshotBytes: record.state.count)
        }
    }

    private func isSnapshotDue(_ live: LiveRun, _ rule: SnapshotRule) -> Bool {
        guard !live.isDeleted, !live.isStale, live.tail.bytes >= rule.growth * live.tail.snapshotBytes else {
            return false
        }
        let isOurs = live.record.owner == registry.engineID
        return live.record.owner == nil || isOurs && live.tail.events >= rule.events
    }

    /// The run as it was after an event, under another id where that is wanted: its newest snapshot until then, and what
    /// follows. A snapshot that cannot be read is as good as none.
    func fold(_ record: RunRecord, as id: RunID, upTo seq: Int) throws(EngineError) -> Fold {
        let workflow = try workflow(namespace: record.namespace, name: record.workflow, version: record.version)
        let start = snapshot(of: record, as: id, workflow, upTo: seq)
        var tail = start?.tail ?? JournalTail()
        var events: [RecordedEvent] = []
        var last = start?.run.seq ?? 0
        var read = last
        do {
            // The way to the end is one page. Where that is not wanted, not much more is read than what is.
            var page: [JournalEntry]
            repeat {
                page = try journal.entries(run: record.key, afterSeq: last, maxBytes: seq == .max ? .max : 1 << 18)
                for entry in page {
                    try demand(entry, follows: read, in: record)
                    guard entry.firstSeq <= seq else { break }
                    let known = events.count
                    for event in try decode(entry, of: record, workflow) {
                        read = event.seq
                        if read > last && read <= seq { events.append(event) }
                    }
                    tail.add(events: events.count - known, bytes: entry.events.count)
                }
                last = events.last?.seq ?? last
            } while seq < .max && last < seq && !page.isEmpty
            if read < seq { try demandNothing(after: read, in: record) }
        } catch {
            throw .store(error)
        }
        let facts = events.map { ($0.event, $0.at) }
        guard let run = Run.replay(id: id, workflow: workflow, events: facts, from: start?.run) else {
            throw .store(.corrupt("The journal of the run \(record.id) is damaged: its events do not make a run."))
        }
        return Fold(run: run, tail: tail)
    }

    private func snapshot(of record: RunRecord, as id: RunID, _ workflow: Workflow, upTo seq: Int) -> Fold? {
        guard record.snapshotSeq != nil,
            let snapshot = try? journal.snapshot(run: record.key, version: Run.snapshotVersion, upTo: seq),
            let run = Run(snapshot: snapshot.state, id: id, workflow: workflow), run.seq == snapshot.seq
        else { return nil }
        return Fold(run: run, tail: JournalTail(snapshotBytes: snapshot.state.count))
    }

    /// The run as it was after an event that it has.
    package func run(_ record: RunRecord, atSeq seq: Int) throws(EngineError) -> Run {
        try fold(record, as: record.id, upTo: seq).run
    }
}
