package import WorkflowCore
package import WorkflowModel
package import WorkflowStore

/// A run in memory, on the engine's thread: because its bodies are under way, or because this turn is about it.
package final class LiveRun {
    package let id: RunID
    package internal(set) var decider: Decider
    package internal(set) var record: RunRecord
    /// The row as the store has it; nil before the first insertion.
    var stored: RunRecord?
    /// The bodies this engine performs: path to attempt number.
    var underWay: [String: Int] = [:]
    /// Those of them that are agents whose model has answered in this turn of the engine.
    var answered: Set<String> = []
    /// What the attempts under way have said so far.
    package internal(set) var texts: [String: AttemptText] = [:]
    /// When each attempt that must give signs of life gave the last one.
    var heartbeats: [String: Timestamp] = [:]
    /// The questions the store has as open.
    var openInteractions: Set<String>
    /// Whether memory is ahead of the store after a turn that failed, because the store could not be read either.
    var isStale = false
    /// Whether the turn's list has it.
    var isTouched = false
    /// Whether the open turn deletes the run.
    var isDeleted = false
    /// The deadline the engine's heap holds for this run.
    var scheduled: Timestamp?

    package var run: Run {
        _read { yield decider.run }
    }

    // To ask the run a question would copy it, to read what it stores does not.

    package var seq: Int { decider.run.seq }

    package var parent: ParentReference? { decider.run.origin.creation.parent }

    /// The execution that an event belongs to.
    package func executionID(of seq: Int) -> String? { decider.run.executions.id(of: seq) }

    init(decider: Decider, record: RunRecord) {
        id = decider.run.id
        self.decider = decider
        self.record = record
        openInteractions = Set(decider.run.interactions.map(\.id))
    }

    /// When something happens by itself to the run, which is handed in to be copied no further.
    func nextDeadline(of run: Run, after now: Timestamp) -> Timestamp? {
        var earliest = run.nextDeadline(after: now)
        for (path, beat) in heartbeats {
            guard let timeout = run.active.first(where: { $0.path == path })?.step.heartbeatTimeout else { continue }
            earliest = min(earliest ?? beat + timeout, beat + timeout)
        }
        return earliest
    }
}

/// The text of one attempt, from its first byte. A class, since a subscriber that lags keeps it until it has caught up.
package final class AttemptText {
    package let path: String
    package let step: String
    package let attempt: Int
    package private(set) var bytes: [UInt8] = []

    init(path: String, step: String, attempt: Int) {
        self.path = path
        self.step = step
        self.attempt = attempt
    }

    /// Returns where the text begins, in bytes from the attempt's start.
    func append(_ text: String) -> Int {
        defer { bytes.append(contentsOf: text.utf8) }
        return bytes.count
    }
}
