internal import JSON
internal import WorkflowModel

/// What a store in memory holds. Every change returns what undoes it.
struct MemoryTables: Sendable {
    /// A row that remembers when it was put, for lists that keep an order.
    struct Ordered<Row: Sendable>: Sendable {
        var place: Int
        var row: Row
    }

    struct Name: Sendable, Hashable {
        var namespace: String
        var name: String
        var version = ""
    }

    enum Undo: Sendable {
        case run(Int64, RunRecord?)
        case append(run: Int64)
        case entries(run: Int64, [JournalEntry], log: [JournalEntry])
        case snapshots(run: Int64, [SnapshotRecord])
        case interaction(String, Ordered<InteractionRecord>?)
        case workflow(Name, Ordered<WorkflowRecord>?)
        case answer(Name, IdempotencyRecord?)
    }

    private(set) var runs: [Int64: RunRecord] = [:]
    private(set) var keys: [String: Int64] = [:]
    private(set) var entries: [Int64: [JournalEntry]] = [:]
    /// By run, the oldest first.
    private(set) var snapshots: [Int64: [SnapshotRecord]] = [:]
    /// The entries of all runs by position.
    private(set) var log: [JournalEntry] = []
    private(set) var interactions: [String: Ordered<InteractionRecord>] = [:]
    private(set) var workflows: [Name: Ordered<WorkflowRecord>] = [:]
    private(set) var answers: [Name: IdempotencyRecord] = [:]
    // These only grow, also over a rollback, so that no key, position or place is given twice.
    private var lastKey: Int64 = 0
    private var lastPlace = 0
    private(set) var lastPosition: Int64 = 0

    mutating func newKey() -> Int64 {
        lastKey += 1
        return lastKey
    }

    mutating func setRun(_ key: Int64, to run: RunRecord?) -> Undo {
        let old = runs.removeValue(forKey: key)
        if let old { keys[old.id] = nil }
        if let run {
            runs[key] = run
            keys[run.id] = key
        }
        return .run(key, old)
    }

    mutating func append(run: Int64, firstSeq: Int, at moment: Timestamp, events: [UInt8]) -> Undo {
        lastPosition += 1
        let entry = JournalEntry(position: lastPosition, run: run, firstSeq: firstSeq, at: moment, events: events)
        entries[run, default: []].append(entry)
        log.append(entry)
        return .append(run: run)
    }

    func interactions(of run: Int64) -> [String] {
        interactions.values.filter { $0.row.run == run }.map(\.row.id)
    }

    mutating func deleteEntries(of run: Int64) -> Undo {
        let undo = Undo.entries(run: run, entries[run] ?? [], log: log)
        entries[run] = nil
        log.removeAll { $0.run == run }
        return undo
    }

    mutating func setSnapshots(of run: Int64, to new: [SnapshotRecord]) -> Undo {
        let old = snapshots[run] ?? []
        snapshots[run] = new.isEmpty ? nil : new
        runs[run]?.snapshotSeq = new.last?.seq
        return .snapshots(run: run, old)
    }

    mutating func setInteraction(_ id: String, to interaction: InteractionRecord?) -> Undo {
        let old = interactions[id]
        interactions[id] = interaction.map { Ordered(place: old?.place ?? newPlace(), row: $0) }
        return .interaction(id, old)
    }

    mutating func put(_ workflow: WorkflowRecord) -> Undo {
        let name = Name(namespace: workflow.namespace, name: workflow.name, version: workflow.version)
        let old = workflows.updateValue(Ordered(place: newPlace(), row: workflow), forKey: name)
        return .workflow(name, old)
    }

    mutating func put(_ answer: IdempotencyRecord) -> Undo {
        let name = Name(namespace: answer.namespace, name: answer.key)
        return .answer(name, answers.updateValue(answer, forKey: name))
    }

    mutating func removeWorkflow(_ name: Name) -> Undo {
        .workflow(name, workflows.removeValue(forKey: name))
    }

    mutating func removeAnswer(_ name: Name) -> Undo {
        .answer(name, answers.removeValue(forKey: name))
    }

    mutating func undo(_ change: Undo) {
        switch change {
        case .run(let key, let old): _ = setRun(key, to: old)
        case .append(let run):
            entries[run]?.removeLast()
            log.removeLast()
        case .entries(let run, let old, let oldLog):
            entries[run] = old
            log = oldLog
        case .snapshots(let run, let old): _ = setSnapshots(of: run, to: old)
        case .interaction(let id, let old): interactions[id] = old
        case .workflow(let name, let old): workflows[name] = old
        case .answer(let name, let old): answers[name] = old
        }
    }

    private mutating func newPlace() -> Int {
        lastPlace += 1
        return lastPlace
    }
}
