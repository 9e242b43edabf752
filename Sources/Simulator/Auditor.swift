import JSON
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// Reads the store as somebody does who never writes: what it finds is what was committed.
final class Auditor {
    private let journal: MemoryJournal
    /// The runs in the store, each the fold of its journal.
    private(set) var runs: [RunID: Run] = [:]
    /// In the order in which they were created.
    private(set) var order: [RunID] = []
    private var ids: [Int64: RunID] = [:]
    private var workflows: [String: Workflow] = [:]

    init(_ store: MemoryStore) {
        journal = MemoryJournal(store)
    }

    /// What was committed since the last look.
    func look() -> [Append] {
        journal.poll().map { entry in
            do {
                return try take(entry)
            } catch {
                fatalError("The store gave back what it never got: \(error)")
            }
        }
    }

    /// The run is deleted; gives its id.
    func forget(_ key: Int64) -> RunID? {
        guard let id = ids.removeValue(forKey: key) else { return nil }
        runs[id] = nil
        order.removeAll { $0 == id }
        return id
    }

    private func take(_ entry: JournalEntry) throws -> Append {
        guard let id = id(of: entry.run), let row = journal.run(id: id) else {
            throw StoreError.corrupt("There is no run \(entry.run).")
        }
        let events = try EventCoding.decode(entry.events, of: try workflow(of: row))
        if var run = runs.removeValue(forKey: id) {
            for (offset, event) in events.enumerated() { run.apply(event, seq: entry.firstSeq + offset, at: entry.at) }
            runs[id] = run
        } else if case .created? = events.first {
            let workflow = try workflow(of: row)
            runs[id] = Run.replay(id: id, workflow: workflow, events: events.map { ($0, entry.at) })
            order.append(id)
        }
        guard let fold = runs[id] else { throw StoreError.corrupt("The run \(id) does not begin with its creation.") }
        return Append(run: id, firstSeq: entry.firstSeq, at: entry.at, events: events, fold: fold)
    }

    func id(of key: Int64) -> RunID? {
        if let id = ids[key] { return id }
        ids[key] = journal.run(key: key)?.id
        return ids[key]
    }

    private func workflow(of row: RunRecord) throws -> Workflow {
        let name = "\(row.workflow) \(row.version)"
        if let known = workflows[name] { return known }
        let record = journal.workflow(
            namespace: row.namespace, name: row.workflow, version: row.version)
        guard let record else { throw StoreError.corrupt("There is no workflow \(name).") }
        let workflow = try Workflow.parse(record.document).0
        workflows[name] = workflow
        return workflow
    }

    /// Every run with its whole journal, read anew.
    func readAll() throws -> [StoredRun] {
        try order.map { id in
            guard let run = runs[id], let row = journal.run(id: id) else {
                throw StoreError.corrupt("The run \(id) is gone.")
            }
            var events: [(seq: Int, at: Timestamp, event: RunEvent)] = []
            for entry in try journal.entries(run: row.key, afterSeq: 0, maxBytes: .max) {
                for (offset, event) in try EventCoding.decode(entry.events, of: run.workflow).enumerated() {
                    events.append((entry.firstSeq + offset, entry.at, event))
                }
            }
            return StoredRun(id: id, workflow: run.workflow, events: events)
        }
    }
}
