package import WorkflowEngine
package import WorkflowModel
package import WorkflowStore

/// What happened in a simulated world, as a checker sees it.
package enum Observation {
    case engineStarted(String)
    /// Killed or ended: nothing comes of it any more.
    case engineGone(String)
    /// An engine that does not run any more, and may be taken for dead.
    case engineFrozen(String)
    case engineThawed(String)
    /// It has the store's write lock, and decides on what it sees.
    case turnOpened(by: String)
    /// Events that the store keeps from now on.
    case appended(Append)
    /// A run's row as the store keeps it from now on.
    case stored(RunRecord)
    case deleted(RunID)
    /// A run's state, which the store keeps from now on.
    case written(SnapshotRecord, of: RunID, by: String)
    /// A run as an engine remembers it after a turn that was committed.
    case remembered(Run, by: String)
    /// An event left an engine.
    case told(RunID, seq: Int, RunEvent, by: String)
    case textTold(AttemptKey, offset: Int, [UInt8], by: String)
    case asked(Int, of: String, what: String)
    /// `seq` is what the answer says of the run, where it says something.
    case answered(Int, by: String, RunID?, seq: Int?)
    case bodyStarted(AttemptKey, by: String)
    /// A model was asked for this turn of an agent, counted from 1.
    case turnStarted(AttemptKey, turn: Int, by: String)
    case fault(Fault, on: String)
    /// The simulation is over, and this is what the store holds.
    case concluded([StoredRun])
}

/// One append, as it was found in the store.
package struct Append {
    package var run: RunID
    package var firstSeq: Int
    package var at: Timestamp
    package var events: [RunEvent]
    /// The run with these events applied.
    package var fold: Run

    package init(run: RunID, firstSeq: Int, at: Timestamp, events: [RunEvent], fold: Run) {
        self.run = run
        self.firstSeq = firstSeq
        self.at = at
        self.events = events
        self.fold = fold
    }

    package var numbered: some Sequence<(seq: Int, event: RunEvent)> {
        events.enumerated().lazy.map { (seq: firstSeq + $0.offset, event: $0.element) }
    }
}

/// A run read from the store at the end.
package struct StoredRun {
    package var id: RunID
    package var workflow: Workflow
    package var events: [(seq: Int, at: Timestamp, event: RunEvent)]

    package init(id: RunID, workflow: Workflow, events: [(seq: Int, at: Timestamp, event: RunEvent)]) {
        self.id = id
        self.workflow = workflow
        self.events = events
    }
}

/// A promise that was broken.
package struct Violation: Error, Hashable, CustomStringConvertible {
    package var checker: String
    package var sentence: String

    package var description: String { "\(checker): \(sentence)" }
}

/// Watches what happens, and says when a promise is broken.
package protocol Checker: AnyObject {
    func observe(_ observation: Observation) throws(Violation)
}

extension Checker {
    func violation(_ sentence: String) -> Violation {
        Violation(checker: "\(Self.self)", sentence: sentence)
    }
}
