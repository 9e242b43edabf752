internal import JSON
package import WorkflowModel

extension MemoryJournal {
    package func run(id: String) -> RunRecord? {
        read { tables in tables.keys[id].flatMap { tables.runs[$0] } }
    }

    package func run(key: Int64) -> RunRecord? {
        read { $0.runs[key] }
    }

    package func runs(_ filter: RunFilter, before: Int64?, limit: Int) -> [RunRecord] {
        let found = runs { $0.key < before ?? .max && filter.matches($0) }
        return Array(found.reversed().prefix(limit))
    }

    package func unparkedRuns(namespace: String) -> [RunRecord] {
        runs { $0.namespace == namespace && $0.isUnparked }
    }

    package func ownersOfUnparkedRuns(namespace: String) -> [String?] {
        unparkedRuns(namespace: namespace).map(\.owner)
    }

    package func nextWake(after moment: Timestamp) -> Timestamp? {
        read { $0.runs.values.lazy.compactMap(\.wakeAt).filter { $0 > moment }.min() }
    }

    package func runsDue(after earlier: Timestamp, at moment: Timestamp, limit: Int) -> [RunRecord] {
        let due = runs { $0.wakeAt.map { earlier < $0 && $0 <= moment } ?? false }
        return Array(due.sorted { ($0.wakeAt!, $0.key) < ($1.wakeAt!, $1.key) }.prefix(limit))
    }

    package func entries(run: Int64, afterSeq: Int, maxBytes: Int) throws(StoreError) -> [JournalEntry] {
        let all = read { $0.entries[run] ?? [] }
        let start = all.lastIndex { $0.firstSeq <= afterSeq + 1 } ?? 0
        var found: [JournalEntry] = []
        var size = 0
        for entry in all[start...] where try entry.holdsEvents(after: afterSeq) {
            found.append(entry)
            size += entry.events.count
            if size >= maxBytes { break }
        }
        return found
    }

    package func snapshot(run: Int64, version: Int, upTo seq: Int) -> SnapshotRecord? {
        read { $0.snapshots[run]?.last { $0.version == version && $0.seq <= seq } }
    }

    package func interactions(namespace: String?, run: Int64?) -> [InteractionRecord] {
        openInteractions { interaction, owner in
            (run == nil || run == interaction.run) && (namespace == nil || namespace == owner?.namespace)
        }
    }

    package func interactions(executionID: String) -> [InteractionRecord] {
        openInteractions { interaction, _ in interaction.executionID == executionID }
    }

    package func interaction(id: String) -> InteractionRecord? {
        read { $0.interactions[id]?.row }
    }

    package func workflow(namespace: String, name: String, version: String?) -> WorkflowRecord? {
        if let version {
            return read { $0.workflows[.init(namespace: namespace, name: name, version: version)]?.row }
        }
        return registered(namespace: namespace) { $0.name == name }.last
    }

    package func newestVersion(ofWorkflow name: String, namespace: String) -> String? {
        workflow(namespace: namespace, name: name, version: nil)?.version
    }

    package func workflows(namespace: String) -> [WorkflowRecord] {
        let newest = Dictionary(registered(namespace: namespace) { _ in true }.map { ($0.name, $0) }) { $1 }
        return newest.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    package func answer(namespace: String, key: String) -> IdempotencyRecord? {
        read { $0.answers[.init(namespace: namespace, name: key)] }
    }

    package func counts() -> [RunStatus: Int] {
        read { $0.runs.values.reduce(into: [:]) { counts, run in counts[run.status, default: 0] += 1 } }
    }

    /// Oldest first.
    private func runs(where isWanted: (RunRecord) -> Bool) -> [RunRecord] {
        read { $0.runs.values.filter(isWanted) }.sorted { $0.key < $1.key }
    }

    private func openInteractions(where isWanted: (InteractionRecord, RunRecord?) -> Bool) -> [InteractionRecord] {
        read { tables in
            tables.interactions.values
                .filter { $0.row.isOpen && isWanted($0.row, tables.runs[$0.row.run]) }
                .sorted { $0.place < $1.place }
                .map(\.row)
        }
    }

    /// Oldest first; of two from one moment, the one put last is the newer.
    private func registered(namespace: String, where isWanted: (WorkflowRecord) -> Bool) -> [WorkflowRecord] {
        read { tables in
            tables.workflows.values
                .filter { $0.row.isRegistered && $0.row.namespace == namespace && isWanted($0.row) }
                .sorted { ($0.row.registeredAt, $0.place) < ($1.row.registeredAt, $1.place) }
                .map(\.row)
        }
    }
}
