import JSON
import WorkflowModel
import WorkflowStore

/// A journal that counts its commits and fails where the test wants it to.
final class WatchedJournal: Journal {
    enum Operation: Hashable {
        case begin, commit, insert, append, read
        /// What becomes of a commit that happens.
        case commitReport
    }

    private let journal: MemoryJournal
    private let history: History
    private(set) var commits = 0
    private(set) var appends = 0
    private(set) var snapshots: [SnapshotRecord] = []
    /// How many bytes of events.
    private(set) var bytesRead = 0
    /// What fails, until the test takes it out.
    var broken: Set<Operation> = []
    /// The first seqs of entries that a damaged page has lost.
    var lost: Set<Int> = []

    init(_ store: MemoryStore, _ history: History) {
        journal = MemoryJournal(store)
        self.history = history
    }

    private func check(_ operation: Operation) throws(StoreError) {
        if broken.contains(operation) { throw .unavailable("The disk is full.") }
    }

    var isReadOnly: Bool { false }

    func begin() throws(StoreError) -> [JournalEntry] {
        try check(.begin)
        return try journal.begin()
    }

    func commit() throws(StoreError) {
        try check(.commit)
        journal.commit()
        commits += 1
        history.note("commit")
        try check(.commitReport)
    }

    func rollback() { journal.rollback() }
    func poll() throws(StoreError) -> [JournalEntry] { journal.poll() }

    func insert(_ run: RunRecord) throws(StoreError) -> Int64 {
        try check(.insert)
        return try journal.insert(run)
    }

    func append(run: Int64, firstSeq: Int, at: Timestamp, events: [UInt8]) throws(StoreError) {
        try check(.append)
        try journal.append(run: run, firstSeq: firstSeq, at: at, events: events)
        appends += 1
    }

    func update(_ run: RunRecord) throws(StoreError) { try journal.update(run) }
    func deleteRun(_ key: Int64) throws(StoreError) { journal.deleteRun(key) }
    func put(_ snapshot: SnapshotRecord) throws(StoreError) {
        journal.put(snapshot)
        snapshots.append(snapshot)
    }
    func put(_ interaction: InteractionRecord) throws(StoreError) { journal.put(interaction) }
    func put(_ workflow: WorkflowRecord) throws(StoreError) { journal.put(workflow) }
    func put(_ answer: IdempotencyRecord) throws(StoreError) { journal.put(answer) }

    func run(id: String) throws(StoreError) -> RunRecord? {
        try check(.read)
        return journal.run(id: id)
    }

    func run(key: Int64) throws(StoreError) -> RunRecord? {
        try check(.read)
        return journal.run(key: key)
    }

    func runs(_ filter: RunFilter, before: Int64?, limit: Int) throws(StoreError) -> [RunRecord] {
        journal.runs(filter, before: before, limit: limit)
    }

    func ownersOfUnparkedRuns(namespace: String) throws(StoreError) -> [String?] {
        journal.ownersOfUnparkedRuns(namespace: namespace)
    }

    func unparkedRuns(namespace: String) throws(StoreError) -> [RunRecord] {
        journal.unparkedRuns(namespace: namespace)
    }
    func nextWake(after moment: Timestamp) throws(StoreError) -> Timestamp? { journal.nextWake(after: moment) }

    func runsDue(after earlier: Timestamp, at moment: Timestamp, limit: Int) throws(StoreError) -> [RunRecord] {
        journal.runsDue(after: earlier, at: moment, limit: limit)
    }

    func snapshot(run: Int64, version: Int, upTo seq: Int) throws(StoreError) -> SnapshotRecord? {
        try check(.read)
        return journal.snapshot(run: run, version: version, upTo: seq)
    }

    func entries(run: Int64, afterSeq: Int, maxBytes: Int) throws(StoreError) -> [JournalEntry] {
        try check(.read)
        let whole = try journal.entries(run: run, afterSeq: afterSeq, maxBytes: maxBytes)
        let found = whole.filter { !lost.contains($0.firstSeq) }
        bytesRead += found.reduce(0) { $0 + $1.events.count }
        return found
    }

    func interactions(namespace: String?, run: Int64?) throws(StoreError) -> [InteractionRecord] {
        journal.interactions(namespace: namespace, run: run)
    }

    func interactions(executionID: String) throws(StoreError) -> [InteractionRecord] {
        journal.interactions(executionID: executionID)
    }

    func interaction(id: String) throws(StoreError) -> InteractionRecord? { journal.interaction(id: id) }

    func workflow(namespace: String, name: String, version: String?) throws(StoreError) -> WorkflowRecord? {
        journal.workflow(namespace: namespace, name: name, version: version)
    }

    func newestVersion(ofWorkflow name: String, namespace: String) throws(StoreError) -> String? {
        journal.newestVersion(ofWorkflow: name, namespace: namespace)
    }

    func workflows(namespace: String) throws(StoreError) -> [WorkflowRecord] { journal.workflows(namespace: namespace) }

    func answer(namespace: String, key: String) throws(StoreError) -> IdempotencyRecord? {
        journal.answer(namespace: namespace, key: key)
    }

    func runsEnded(_ filter: RetentionFilter, after key: Int64, limit: Int) throws(StoreError) -> [RunRecord] {
        journal.runsEnded(filter, after: key, limit: limit)
    }

    func sweep() throws(StoreError) -> Leftovers { journal.sweep() }
    func counts() throws(StoreError) -> [RunStatus: Int] { journal.counts() }
}
