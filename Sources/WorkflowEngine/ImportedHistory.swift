import JSON
import WorkflowCore
import WorkflowModel
import WorkflowStore

/// The journal of a run in a file, read and folded.
struct ImportedHistory {
    private let workflow: Workflow
    /// The run as it was called where it came from.
    let source: RunSource
    let run: Run
    let entries: [JournalEntry]
    let events: [RunEvent]
    /// Of each entry in turn.
    private let counts: [Int]

    private static let greatestCount = 1 << 30

    var id: RunID { run.id }

    /// The ids of all that was ever asked.
    var questions: [String] {
        events.compactMap { if case .interactionRequested(let question) = $0 { question.id } else { nil } }
    }

    init(_ part: RunExport.Part, _ workflow: Workflow) throws(EngineError) {
        var events: [RunEvent] = []
        var counts: [Int] = []
        for entry in part.entries {
            let appended = try Self.events(of: entry, after: events.count, in: part, workflow)
            events += appended
            counts.append(appended.count)
        }
        let id = part.record.id
        guard case .created(let creation)? = events.first, creation.workflow == workflow.name,
            creation.version == workflow.version,
            let run = Self.fold(events, counts, part.entries, id: id, workflow),
            // What is counted on from here must still be read back.
            max(run.highestAttempt, run.progress.current, run.progress.total) < Self.greatestCount
        else { throw .exportDamaged(part.damage("Its events do not make a run.")) }
        self.workflow = workflow
        source = RunSource(runID: id, seq: events.count)
        self.run = run
        entries = part.entries
        self.events = events
        self.counts = counts
    }

    private static func events(
        of entry: JournalEntry, after seq: Int, in part: RunExport.Part, _ workflow: Workflow
    ) throws(EngineError) -> [RunEvent] {
        do {
            let events = try EventCoding.decode(entry.events, of: workflow)
            if entry.firstSeq == seq + 1, !events.isEmpty { return events }
        } catch {
            if let type = error.type {
                throw .exportDamaged(part.damage("Its event \(type), after seq \(seq), cannot be read."))
            }
        }
        throw .exportDamaged(part.damage("Its events have a gap after seq \(seq)."))
    }

    /// The same with other names for what has one.
    func renamed(_ names: [String: String]) throws(EngineError) -> ImportedHistory {
        try ImportedHistory(renaming: self, names)
    }

    private init(renaming other: ImportedHistory, _ names: [String: String]) throws(EngineError) {
        workflow = other.workflow
        source = other.source
        counts = other.counts
        events = other.events.map { $0.renamed(names) }
        var (entries, next) = ([JournalEntry](), 0)
        for (entry, count) in zip(other.entries, other.counts) {
            var entry = entry
            entry.events = EventCoding.encode(Array(events[next..<next + count]), of: workflow)
            entries.append(entry)
            next += count
        }
        self.entries = entries
        let id = names[other.id] ?? other.id
        guard let run = Self.fold(events, counts, entries, id: id, workflow) else {
            throw .store(.corrupt("The events of the run \(other.id) make no run under other names."))
        }
        self.run = run
    }

    private static func fold(
        _ events: [RunEvent], _ counts: [Int], _ entries: [JournalEntry], id: RunID, _ workflow: Workflow
    ) -> Run? {
        let moments = zip(entries, counts).flatMap { entry, count in repeatElement(entry.at, count: count) }
        return Run.replay(id: id, workflow: workflow, events: zip(events, moments).map { (event: $0, at: $1) })
    }
}

extension RunExport.Part {
    func damage(_ message: String) -> ExportDamage {
        ExportDamage(line: place.line, byte: place.byte, "The run \(record.id): \(message)")
    }
}
