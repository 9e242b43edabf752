internal import JSON
package import WorkflowModel

/// The journal in memory, for tests, simulation and `memory:`. Nothing waits here: where SQLite waits for another's turn
/// to end, `begin` throws `unavailable` at once.
package final class MemoryJournal: Journal {
    private let store: MemoryStore
    private var lastSeen: Int64

    package init(_ store: MemoryStore = MemoryStore()) {
        self.store = store
        lastSeen = 0
        lastSeen = store.read(ObjectIdentifier(self)) { $0.lastPosition }
    }

    deinit {
        rollback()
    }

    package var isReadOnly: Bool { false }

    package func begin() throws(StoreError) -> [JournalEntry] {
        try store.begin(ObjectIdentifier(self))
        return look()
    }

    package func commit() {
        store.end(ObjectIdentifier(self), keeping: true)
    }

    package func rollback() {
        store.end(ObjectIdentifier(self), keeping: false)
    }

    package func poll() -> [JournalEntry] {
        look()
    }

    package func insert(_ run: RunRecord) throws(StoreError) -> Int64 {
        if self.run(id: run.id) != nil { throw .unavailable("There is a run \(run.id) already.") }
        var run = run
        write { tables in
            run.key = tables.newKey()
            return tables.setRun(run.key, to: run)
        }
        return run.key
    }

    package func update(_ run: RunRecord) throws(StoreError) {
        guard let old = self.run(key: run.key) else {
            throw .unavailable("There is no run \(run.id) in the store.")
        }
        var run = run
        run.snapshotSeq = old.snapshotSeq
        write { $0.setRun(run.key, to: run) }
    }

    package func deleteRun(_ key: Int64) {
        for id in read({ $0.interactions(of: key) }) {
            write { $0.setInteraction(id, to: nil) }
        }
        write { $0.deleteEntries(of: key) }
        write { $0.setSnapshots(of: key, to: []) }
        write { $0.setRun(key, to: nil) }
    }

    package func append(run: Int64, firstSeq: Int, at moment: Timestamp, events: [UInt8]) throws(StoreError) {
        let isTaken = read { tables in
            // Seqs grow, so almost always the last entry tells.
            tables.entries[run]?.last.map { $0.firstSeq >= firstSeq } ?? false
                && tables.entries[run]?.contains { $0.firstSeq == firstSeq } ?? false
        }
        if isTaken || self.run(key: run) == nil { throw .conflict(run: run, seq: firstSeq) }
        write { $0.append(run: run, firstSeq: firstSeq, at: moment, events: events) }
        // Our own are not news. A rollback leaves this too far on, which is no harm: a position is never given twice.
        lastSeen = read { $0.lastPosition }
    }

    package func put(_ snapshot: SnapshotRecord) {
        let others = read { $0.snapshots[snapshot.run] ?? [] }
            .filter { $0.seq != snapshot.seq && $0.version == snapshot.version }
        let all = (others + [snapshot]).sorted { $0.seq < $1.seq }
        write { $0.setSnapshots(of: snapshot.run, to: all) }
    }

    package func put(_ interaction: InteractionRecord) {
        write { $0.setInteraction(interaction.id, to: interaction) }
    }

    package func deleteInteraction(_ id: String) {
        write { $0.setInteraction(id, to: nil) }
    }

    package func put(_ workflow: WorkflowRecord) {
        write { $0.put(workflow) }
    }

    package func put(_ answer: IdempotencyRecord) {
        write { $0.put(answer) }
    }

    func read<Result: Sendable>(_ body: (MemoryTables) -> Result) -> Result {
        store.read(ObjectIdentifier(self), body)
    }

    func write(_ body: (inout MemoryTables) -> MemoryTables.Undo) {
        store.write(ObjectIdentifier(self), body)
    }

    private func look() -> [JournalEntry] {
        let last = lastSeen
        let found = read { tables in Array(tables.log.reversed().prefix { $0.position > last }.reversed()) }
        lastSeen = found.last?.position ?? lastSeen
        return found
    }
}
