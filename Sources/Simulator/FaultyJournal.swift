import JSON
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// The journal of one engine, on a store that is whole and a disk that is not.
final class FaultyJournal: Journal {
    private let journal: MemoryJournal
    private unowned let process: EngineProcess
    private let simulation: Simulation
    /// What goes wrong next, after so many operations of its kind.
    private var armed: (fault: Fault, countdown: Int)?
    /// What the open turn has written beside events.
    private var rows: [RunRecord] = []
    private var deleted: [Int64] = []
    private var snapshots: [SnapshotRecord] = []
    private var hasWritten = false

    init(_ process: EngineProcess, in simulation: Simulation) {
        journal = MemoryJournal(simulation.store)
        self.process = process
        self.simulation = simulation
    }

    /// The next write, read or commit goes wrong.
    func arm(_ fault: Fault, after countdown: Int) {
        armed = (fault, countdown)
    }

    func disarm() {
        armed = nil
    }

    /// The process is killed: what it has open is nothing.
    func die() {
        journal.rollback()
        forget()
    }

    private func forget() {
        (rows, deleted, snapshots, hasWritten) = ([], [], [], false)
    }

    /// Whether one of these faults happens now.
    private func strikes(_ faults: Fault...) -> Fault? {
        guard let (fault, countdown) = armed, faults.contains(fault) else { return nil }
        armed = countdown == 0 ? nil : (fault, countdown - 1)
        return countdown == 0 ? fault : nil
    }

    private func checkLife() throws(StoreError) {
        if process.isGone { throw .unavailable("The process is gone.") }
    }

    private func checkWrite() throws(StoreError) {
        try checkLife()
        hasWritten = true
        switch strikes(.failedWrite, .tornWrite) {
        case .failedWrite?:
            simulation.note(.failedWrite, on: process)
            throw .unavailable("The disk refused a write.")
        case .tornWrite?:
            simulation.note(.tornWrite, on: process)
            simulation.kill(process)
            throw .unavailable("The process is gone.")
        default: return
        }
    }

    private func checkRead() throws(StoreError) {
        try checkLife()
        guard strikes(.failedRead) != nil else { return }
        simulation.note(.failedRead, on: process)
        throw .unavailable("The disk refused a read.")
    }

    // MARK: Turns

    var isReadOnly: Bool { false }

    func begin() throws(StoreError) -> [JournalEntry] {
        try checkLife()
        let found = try journal.begin()
        simulation.observe(.turnOpened(by: process.name))
        return found
    }

    func commit() throws(StoreError) {
        try checkLife()
        defer { forget() }
        guard hasWritten else { return journal.commit() }
        if simulation.isDiskFull {
            simulation.note(.fullDisk, on: process)
            throw .unavailable("The disk is full.")
        }
        let fault = strikes(.failedCommit, .uncertainCommit, .slowCommit, .crashAfterCommit)
        if let fault { simulation.note(fault, on: process) }
        switch fault {
        case .failedCommit?: throw .unavailable("The commit was refused.")
        case .slowCommit?:
            simulation.passDuringCommit()
            try checkLife()
        default: break
        }
        journal.commit()
        simulation.committed(rows, snapshots, deleted: deleted, by: process)
        switch fault {
        case .uncertainCommit?: throw .unavailable("Nobody knows whether it was committed.")
        case .crashAfterCommit?: simulation.kill(process)
        default: break
        }
    }

    func rollback() {
        journal.rollback()
        forget()
    }

    func poll() throws(StoreError) -> [JournalEntry] {
        try checkRead()
        return journal.poll()
    }

    // MARK: Writing

    func insert(_ run: RunRecord) throws(StoreError) -> Int64 {
        try checkWrite()
        let key = try journal.insert(run)
        var row = run
        row.key = key
        rows.append(row)
        return key
    }

    func update(_ run: RunRecord) throws(StoreError) {
        try checkWrite()
        try journal.update(run)
        rows.append(run)
    }

    func deleteRun(_ key: Int64) throws(StoreError) {
        try checkWrite()
        journal.deleteRun(key)
        deleted.append(key)
    }

    func append(run: Int64, firstSeq: Int, at: Timestamp, events: [UInt8]) throws(StoreError) {
        try checkWrite()
        try journal.append(run: run, firstSeq: firstSeq, at: at, events: events)
    }

    func put(_ snapshot: SnapshotRecord) throws(StoreError) {
        try checkWrite()
        journal.put(snapshot)
        snapshots.append(snapshot)
    }

    func put(_ interaction: InteractionRecord) throws(StoreError) {
        try checkWrite()
        journal.put(interaction)
    }

    func put(_ workflow: WorkflowRecord) throws(StoreError) {
        try checkWrite()
        journal.put(workflow)
    }

    func put(_ answer: IdempotencyRecord) throws(StoreError) {
        try checkWrite()
        journal.put(answer)
    }

    // MARK: Reading

    func run(id: String) throws(StoreError) -> RunRecord? {
        try checkRead()
        return journal.run(id: id)
    }

    func run(key: Int64) throws(StoreError) -> RunRecord? {
        try checkRead()
        return journal.run(key: key)
    }

    func runs(_ filter: RunFilter, before: Int64?, limit: Int) throws(StoreError) -> [RunRecord] {
        try checkRead()
        return journal.runs(filter, before: before, limit: limit)
    }

    func unparkedRuns(namespace: String) throws(StoreError) -> [RunRecord] {
        try checkRead()
        return journal.unparkedRuns(namespace: namespace)
    }

    func ownersOfUnparkedRuns(namespace: String) throws(StoreError) -> [String?] {
        try checkRead()
        return journal.ownersOfUnparkedRuns(namespace: namespace)
    }

    func nextWake(after moment: Timestamp) throws(StoreError) -> Timestamp? {
        try checkRead()
        return journal.nextWake(after: moment)
    }

    func runsDue(after earlier: Timestamp, at moment: Timestamp, limit: Int) throws(StoreError) -> [RunRecord] {
        try checkRead()
        return journal.runsDue(after: earlier, at: moment, limit: limit)
    }

    func entries(run: Int64, afterSeq: Int, maxBytes: Int) throws(StoreError) -> [JournalEntry] {
        try checkRead()
        return try journal.entries(run: run, afterSeq: afterSeq, maxBytes: maxBytes)
    }

    func snapshot(run: Int64, version: Int, upTo seq: Int) throws(StoreError) -> SnapshotRecord? {
        try checkRead()
        return journal.snapshot(run: run, version: version, upTo: seq)
    }

    func interactions(namespace: String?, run: Int64?) throws(StoreError) -> [InteractionRecord] {
        try checkRead()
        return journal.interactions(namespace: namespace, run: run)
    }

    func interactions(executionID: String) throws(StoreError) -> [InteractionRecord] {
        try checkRead()
        return journal.interactions(executionID: executionID)
    }

    func interaction(id: String) throws(StoreError) -> InteractionRecord? {
        try checkRead()
        return journal.interaction(id: id)
    }

    func workflow(namespace: String, name: String, version: String?) throws(StoreError) -> WorkflowRecord? {
        try checkRead()
        return journal.workflow(namespace: namespace, name: name, version: version)
    }

    func newestVersion(ofWorkflow name: String, namespace: String) throws(StoreError) -> String? {
        try checkRead()
        return journal.newestVersion(ofWorkflow: name, namespace: namespace)
    }

    func workflows(namespace: String) throws(StoreError) -> [WorkflowRecord] {
        try checkRead()
        return journal.workflows(namespace: namespace)
    }

    func answer(namespace: String, key: String) throws(StoreError) -> IdempotencyRecord? {
        try checkRead()
        return journal.answer(namespace: namespace, key: key)
    }

    func runsEnded(_ filter: RetentionFilter, after key: Int64, limit: Int) throws(StoreError) -> [RunRecord] {
        try checkRead()
        return journal.runsEnded(filter, after: key, limit: limit)
    }

    func sweep() throws(StoreError) -> Leftovers {
        try checkWrite()
        return journal.sweep()
    }

    func counts() throws(StoreError) -> [RunStatus: Int] {
        try checkRead()
        return journal.counts()
    }
}
