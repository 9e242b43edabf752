import WorkflowModel
package import WorkflowStore

/// A run that prune has removed, or would.
package struct PrunedRun: Sendable {
    package var record: RunRecord
    /// How many runs went with it.
    package var children: Int
}

/// A page of what prune has done, or would.
package struct PrunedPage: Sendable {
    package var runs: [PrunedRun] = []
    /// Where the next page begins; nil after the last.
    package var next: Int64?
    /// What no run needed any more; looked for once all pages are through.
    package var leftovers = Leftovers()
}

extension Engine {
    /// Removes the runs that the filter means, with their children and all that belongs to them, or only tells which; at
    /// most `limit`, with keys above `after`. A family of which something has not ended stays.
    package func prune(
        _ filter: RetentionFilter, after: Int64, limit: Int, isDry: Bool
    ) throws(EngineError) -> PrunedPage {
        if !isDry { try openTurn() }
        var page = PrunedPage()
        let records: [RunRecord]
        do {
            records = try journal.runsEnded(filter, after: after, limit: limit)
        } catch {
            throw .store(error)
        }
        for record in records {
            var children: [RunRecord] = []
            for id in try descendants(of: record.id) { if let child = try storedRun(id) { children.append(child) } }
            guard children.allSatisfy(\.status.isTerminal) else { continue }
            if !isDry { for gone in children + [record] { try forget(gone) } }
            page.runs.append(PrunedRun(record: record, children: children.count))
        }
        if records.count == limit {
            page.next = records.last?.key
        } else if !isDry {
            do { page.leftovers = try journal.sweep() } catch { throw fault(error) }
        }
        return page
    }

    /// Removes a run without reading its journal.
    private func forget(_ record: RunRecord) throws(EngineError) {
        do { try journal.deleteRun(record.key) } catch { throw fault(error) }
        turn.changesWakes = true
        guard let live = live[record.id] else { return }
        live.isDeleted = true
        turn.touch(live)
    }

    /// The first event of a run that the store still has; 1 for a run without any.
    package func oldestSeq(of record: RunRecord) throws(EngineError) -> Int {
        do {
            return try journal.entries(run: record.key, afterSeq: 0, maxBytes: 1).first?.firstSeq ?? 1
        } catch {
            throw .store(error)
        }
    }
}
