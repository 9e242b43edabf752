package import JSON
package import WorkflowModel

/// The events of one append, as they stand in the journal.
package struct JournalEntry: Sendable, Hashable {
    /// Grows with every append of every run in the store, in commit order: the store's own tail position.
    package var position: Int64
    package var run: Int64
    /// The number of the first event; the others follow without a gap.
    package var firstSeq: Int
    package var at: Timestamp
    /// A JSON array of events, `[["step/started", {"path": "a"}], …]` (`EventCoding`).
    package var events: [UInt8]

    package init(position: Int64, run: Int64, firstSeq: Int, at: Timestamp, events: [UInt8]) {
        self.position = position
        self.run = run
        self.firstSeq = firstSeq
        self.at = at
        self.events = events
    }
}

/// An interaction as lists and answers need it, without loading its run. A settled one stays, so that a late answer is told so.
package struct InteractionRecord: Sendable, Hashable {
    package var id: String
    package var run: Int64
    package var executionID: String
    /// The interaction in the shape of the wire; of a settled one only its `status`.
    package var body: JSONValue
    package var isOpen: Bool

    package init(id: String, run: Int64, executionID: String, body: JSONValue, isOpen: Bool) {
        self.id = id
        self.run = run
        self.executionID = executionID
        self.body = body
        self.isOpen = isOpen
    }
}

/// A run's state as it is after an event: a cache of the fold of its journal, in a text that only some versions read.
package struct SnapshotRecord: Sendable, Hashable {
    package var run: Int64
    package var seq: Int
    package var version: Int
    /// JSON.
    package var state: [UInt8]

    package init(run: Int64, seq: Int, version: Int, state: [UInt8]) {
        self.run = run
        self.seq = seq
        self.version = version
        self.state = state
    }
}

/// A registered workflow. A version stays as long as a run uses it, also when its name was taken back.
package struct WorkflowRecord: Sendable, Hashable {
    package var namespace: String
    package var name: String
    package var version: String
    package var document: JSONValue
    package var registeredAt: Timestamp
    /// Whether `workflow/list` and a bare name find it; a document given in place with a run is kept, not registered.
    package var isRegistered: Bool

    package init(
        namespace: String, name: String, version: String, document: JSONValue, registeredAt: Timestamp,
        isRegistered: Bool
    ) {
        self.namespace = namespace
        self.name = name
        self.version = version
        self.document = document
        self.registeredAt = registeredAt
        self.isRegistered = isRegistered
    }
}

/// What was asked under a key, and what was answered.
package struct IdempotencyRecord: Sendable, Hashable {
    package var namespace: String
    package var key: String
    /// A hash of the request.
    package var request: String
    package var response: JSONValue

    package init(namespace: String, key: String, request: String, response: JSONValue) {
        self.namespace = namespace
        self.key = key
        self.request = request
        self.response = response
    }
}

/// Why the store did not do what it was asked.
package enum StoreError: Error, Sendable, Hashable {
    /// The store cannot be written or reached now: a full disk, a lock held too long, a read-only file. Worth another try.
    case unavailable(String)
    /// What is stored cannot be read back.
    case corrupt(String)
    /// Another engine wrote the same next seq first.
    case conflict(run: Int64, seq: Int)

    /// The sentence.
    package var reason: String {
        switch self {
        case .unavailable(let reason), .corrupt(let reason): reason
        case .conflict(let run, let seq): "Another engine wrote event \(seq) of run \(run) first."
        }
    }
}

/// The port to durable storage, used from the engine's thread alone.
///
/// Writes happen between `begin` and `commit` (or `rollback`). `begin` takes the store's one write lock, so what is decided after it
/// is decided on the truth, and returns what others appended since this journal last looked. Reads see the writes of the
/// open turn. After `commit` returns, what was written survives `kill -9` and a power cut.
package protocol Journal: AnyObject {
    /// Whether nothing can be written: turns open and may be read in, and each write is refused.
    var isReadOnly: Bool { get }

    /// Opens the turn's transaction; the foreign appends since the last look, oldest first.
    func begin() throws(StoreError) -> [JournalEntry]
    func commit() throws(StoreError)
    /// Forgets the open turn. Never fails: what cannot be rolled back was never committed.
    func rollback()
    /// The foreign appends since the last look, without opening a turn.
    func poll() throws(StoreError) -> [JournalEntry]

    /// Adds a run and returns its key. The id must be new.
    func insert(_ run: RunRecord) throws(StoreError) -> Int64
    /// Writes the run's standing; what a run is born with never changes, and of its snapshots it knows by itself.
    func update(_ run: RunRecord) throws(StoreError)
    /// Removes a run with its events, snapshots and interactions.
    func deleteRun(_ key: Int64) throws(StoreError)
    /// Compare-and-append: throws `conflict` when the run already has an event of that seq, or is there no more.
    func append(run: Int64, firstSeq: Int, at: Timestamp, events: [UInt8]) throws(StoreError)
    /// Keeps the snapshot beside those of other seqs. Those that another version reads go.
    func put(_ snapshot: SnapshotRecord) throws(StoreError)
    /// Adds the interaction, or replaces the one with its id.
    func put(_ interaction: InteractionRecord) throws(StoreError)
    /// Adds the workflow, or changes whether it is registered.
    func put(_ workflow: WorkflowRecord) throws(StoreError)
    func put(_ answer: IdempotencyRecord) throws(StoreError)

    func run(id: String) throws(StoreError) -> RunRecord?
    func run(key: Int64) throws(StoreError) -> RunRecord?
    /// Newest first: the runs of the filter with a key below `before`.
    func runs(_ filter: RunFilter, before: Int64?, limit: Int) throws(StoreError) -> [RunRecord]
    /// The runs that have an owner, or are unfinished, started and due for one (`in-progress` without an owner).
    func unparkedRuns(namespace: String) throws(StoreError) -> [RunRecord]
    /// The owner of each of them, nil for none: all that one must know to count who performs them.
    func ownersOfUnparkedRuns(namespace: String) throws(StoreError) -> [String?]
    /// The earliest `wakeAt` after a moment, and the runs whose `wakeAt` is after one moment and not after another, by it.
    func nextWake(after moment: Timestamp) throws(StoreError) -> Timestamp?
    func runsDue(after earlier: Timestamp, at moment: Timestamp, limit: Int) throws(StoreError) -> [RunRecord]
    /// The run's entries that hold events after `seq`, oldest first, until `maxBytes` of events are passed.
    func entries(run: Int64, afterSeq: Int, maxBytes: Int) throws(StoreError) -> [JournalEntry]
    /// The newest snapshot of the run that has a version and no event after `seq`.
    func snapshot(run: Int64, version: Int, upTo seq: Int) throws(StoreError) -> SnapshotRecord?
    /// Open interactions, oldest first; nil asks for all namespaces, or all runs.
    func interactions(namespace: String?, run: Int64?) throws(StoreError) -> [InteractionRecord]
    /// The open interactions of one execution, oldest first.
    func interactions(executionID: String) throws(StoreError) -> [InteractionRecord]
    func interaction(id: String) throws(StoreError) -> InteractionRecord?
    /// The registered workflow of that name, newest version first; or that very version, registered or kept.
    func workflow(namespace: String, name: String, version: String?) throws(StoreError) -> WorkflowRecord?
    /// The newest registered version of that name.
    func newestVersion(ofWorkflow name: String, namespace: String) throws(StoreError) -> String?
    /// The newest registered version of each name, by name.
    func workflows(namespace: String) throws(StoreError) -> [WorkflowRecord]
    func answer(namespace: String, key: String) throws(StoreError) -> IdempotencyRecord?
    /// How many runs there are of each status.
    func counts() throws(StoreError) -> [RunStatus: Int]

    /// The runs that the filter means and that belong to no run of the store, by key: those with a key above `after`.
    func runsEnded(_ filter: RetentionFilter, after key: Int64, limit: Int) throws(StoreError) -> [RunRecord]
    /// Removes what no run needs any more.
    func sweep() throws(StoreError) -> Leftovers
}
