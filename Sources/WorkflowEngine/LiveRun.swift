package import WorkflowCore
package import WorkflowModel
package import WorkflowStore

/// A run in memory, on the engine's thread: because its bodies are under way, or because this turn is about it.
package final class LiveRun {
    package let id: RunID
    package internal(set) var decider: Decider
    package internal(set) var record: RunRecord
    /// What the store's row has; nil before the first insertion.
    var stored: RunRecord.Standing?
    /// Whether the store's row has what the run's has. Member by member, since a comparison of `standing` copies the row.
    var isSettled: Bool {
        guard let stored else { return false }
        return record.status == stored.status && record.isPaused == stored.isPaused
            && record.startedAt == stored.startedAt && record.endedAt == stored.endedAt
            && record.owner == stored.owner && record.epoch == stored.epoch && record.wakeAt == stored.wakeAt
    }
    /// The bodies this engine performs. A list, since most runs have one.
    var attempts: [AttemptUnderWay] = []
    /// The program that is under way here, where the run is one.
    var program: HostedProgram?
    /// The questions the store has as open.
    var openInteractions: Set<String>
    /// Whether memory is ahead of the store after a turn that failed, because the store could not be read either.
    var isStale = false
    /// Whether the turn's list has it.
    var isTouched = false
    /// Whether the open turn deletes the run.
    var isDeleted = false
    /// What must be folded to load the run.
    var tail = JournalTail()
    /// The deadline the engine's heap holds for this run.
    var scheduled: Timestamp?
    /// What is hidden of the run, as it was at a seq.
    var knownVeil: (seq: Int, veil: RunVeil)?

    package var run: Run {
        _read { yield decider.run }
    }

    // To ask the run a question would copy it, to read what it stores does not.

    package var seq: Int { decider.run.seq }

    package var status: RunStatus { decider.run.status }

    package var executionID: String? { decider.run.executions.last?.id }

    package var workflow: Workflow { decider.run.origin.workflow }

    package var parent: ParentReference? { decider.run.origin.creation.parent }

    /// A step that was entered and has not ended.
    func active(at path: String) -> ActiveStep? { decider.run.active.position(of: path).map { decider.run.active[$0] } }

    /// Whether a step was entered, and its body is performed now.
    func isRunning(_ path: String) -> Bool {
        decider.run.active.position(of: path).map(isRunning(at:)) ?? false
    }

    private func isRunning(at index: Int) -> Bool {
        if case .running = decider.run.active[index].phase { true } else { false }
    }

    /// The attempt of the program itself while it runs, and what is recorded of it. By its place: a step is much to copy.
    var programStep: (attempt: Int, record: ProgramRecord)? {
        guard let index = decider.run.active.position(of: Run.programPath), isRunning(at: index),
            let record = decider.run.active[index].program
        else { return nil }
        return (decider.run.active[index].attempt, record)
    }

    /// The execution that an event belongs to.
    package func executionID(of seq: Int) -> String? { decider.run.executions.id(of: seq) }

    /// What the attempts under way have said so far.
    package var texts: [AttemptText] { attempts.flatMap { [$0.thoughts, $0.text].compactMap(\.self) } }

    /// Where an attempt stands in the list, unless it is no longer wanted.
    func index(of key: AttemptKey) -> Int? {
        attempts.firstIndex { $0.number == key.number && $0.turn == key.turn && $0.path == key.path }
    }

    init(decider: consuming Decider, record: consuming RunRecord) {
        id = record.id
        openInteractions = Set(decider.run.interactions.map(\.id))
        self.decider = decider
        self.record = record
    }

    /// When something happens by itself to the run, which is handed in to be copied no further.
    func nextDeadline(of run: Run, after now: Timestamp) -> Timestamp? {
        var earliest = run.nextDeadline(after: now)
        for attempt in attempts {
            guard let silent = attempt.silentUntil else { continue }
            earliest = min(earliest ?? silent, silent)
        }
        return earliest
    }
}

/// A body that this engine performs.
struct AttemptUnderWay {
    let path: String
    /// The step's name.
    let step: String
    let number: Int
    let turn: Int
    let executor: any StepExecutor
    /// How long it may stay silent.
    let heartbeatTimeout: Duration?
    /// When it gave the last sign of life.
    var lastBeat: Timestamp
    var text: AttemptText?
    /// What its model has thought in this turn.
    var thoughts: AttemptText?
    /// Whether it is a model's, which has answered in this turn of the engine.
    var hasAnswered = false

    /// When its silence becomes a failure.
    var silentUntil: Timestamp? { heartbeatTimeout.map { lastBeat + $0 } }
}

/// The text of one attempt, from its first byte, or what its model thinks in one turn. A class, since a subscriber that lags keeps it until it has caught up.
package final class AttemptText {
    package let path: String
    package let step: String
    package let attempt: Int
    /// Whether it is thought and not said.
    package let isThought: Bool
    /// How many bytes came before: thoughts of turns that are over are not kept.
    package let base: Int
    package private(set) var bytes: [UInt8] = []

    init(path: String, step: String, attempt: Int, isThought: Bool = false, base: Int = 0) {
        self.path = path
        self.step = step
        self.attempt = attempt
        self.isThought = isThought
        self.base = base
    }

    /// Returns where the text begins, in bytes from the attempt's start.
    func append(_ text: String) -> Int {
        defer { bytes.append(contentsOf: text.utf8) }
        return base + bytes.count
    }
}
