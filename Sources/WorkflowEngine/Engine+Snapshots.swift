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
struct JournalTail: Sendable {
    var events = 0
    var bytes = 0
    /// How many bytes the snapshot has; 0 without one.
    var snapshotBytes = 0

    mutating func add(events: Int, bytes: Int) {
        self.events += events
        self.bytes += bytes
    }
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
        let unfolded = try read(record, as: id, upTo: seq)
        do {
            return try unfolded.fold()
        } catch {
            throw .store(error)
        }
    }

    func read(_ record: RunRecord, as id: RunID, upTo seq: Int) throws(EngineError) -> UnfoldedRun {
        let workflow = try workflow(namespace: record.namespace, name: record.workflow, version: record.version)
        let start = snapshot(of: record, as: id, workflow, upTo: seq)
        var run = UnfoldedRun(record: record, id: id, workflow: workflow, seq: seq, start: start)
        var last = start?.run.seq ?? 0
        do {
            // The way to the end is one page. Where that is not wanted, not much more is read than what is.
            if seq == .max { run.entries = try journal.entries(run: record.key, afterSeq: last, maxBytes: .max) }
            while seq < .max, last < seq {
                let page = try journal.entries(run: record.key, afterSeq: last, maxBytes: 1 << 18)
                guard let end = page.last else { break }
                run.entries += page
                last = try end.lastSeq
            }
        } catch {
            throw .store(error)
        }
        return run
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
