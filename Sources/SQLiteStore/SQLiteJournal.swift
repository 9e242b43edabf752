internal import JSON
package import WorkflowModel
package import WorkflowStore

/// The journal on SQLite: WAL, and every commit on the disk before it returns.
///
/// Several journals, in one process or many, may work on one file; one journal is used by one thread at a time. A turn
/// waits for another's to end, and when that takes too long throws `unavailable`.
package final class SQLiteJournal: Journal {
    let statements: Statements
    let connection: Connection
    /// Reads journals beside the open turn.
    private let bystander: Bystander?
    /// The runs that the open turn has written events of.
    private var written: [Int64] = []
    /// The last position that was ours, or that `begin` or `poll` returned, or that is known to be deleted.
    private var lastSeen: Int64
    /// SQLite's data version when `begin` last looked. As long as it stays, nobody else wrote.
    private var versionSeen: UInt32?
    /// The newest registered versions that were asked for, or that there is none, as long as nobody can have changed them.
    private var newestVersions: [WorkflowName: String?] = [:]
    /// Whether the last look found another file, or none, in the place of ours: nobody would find what we write.
    private var isAstray = false
    /// The last position given in the open turn; nil when none is open.
    private var lastGiven: Int64?
    /// Where what it appended last stands, unless that was rolled back.
    private var lastPlace: EntryPlace?
    /// Where runs' journals end, as far as that is known while nobody else writes.
    private var ends: [Int64: JournalEnd] = [:]
    /// The run up to which the unparked ones are listed, if that is known while nobody else writes.
    private var sifted: Int64?
    /// The greatest key that was ever given to a run, in the same way.
    private var lastKey: Int64?

    /// Whether somebody polls soon after whatever is written to the log. Only then may it be held between turns: the poll
    /// lets go of it.
    package var isWatched = false
    private let patience: Duration
    /// Whether the last turn waited in vain for another's end, as for an engine that stands still in a commit: the next
    /// ones hardly wait, so that one answers, and shows its life, in the meantime.
    private var isLockedOut = false {
        didSet {
            if isLockedOut != oldValue { connection.wait(atMost: isLockedOut ? min(patience, Self.glance) : patience) }
        }
    }
    private static let glance = Duration.milliseconds(20)

    /// Opens the store; makes it or migrates it when need be. `patience` is how long a turn waits for another's end.
    package init(at location: StoreLocation, patience: Duration = .seconds(5)) throws(StoreError) {
        self.patience = patience
        if case .file(let path) = location { FileModes.tighten(at: path) }
        connection = try Connection(location, patience: patience, gathersLog: true)
        try Schema.prepare(connection, at: location)
        connection.keepLog()
        statements = Statements(connection)
        if case .file(let path) = location { bystander = Bystander(path: path) } else { bystander = nil }
        lastSeen = try statements.lastPosition.first { $0.int(0) } ?? 0
    }

    /// Where the store is kept as it was before it was brought up to date, if opening it did that.
    package var backup: String? { connection.backup }

    package var isReadOnly: Bool { connection.isReadOnly }

    package func begin() throws(StoreError) -> [JournalEntry] {
        precondition(lastGiven == nil, "a turn ends before the next begins")
        if isAstray { try lookForFile() }
        if isReadOnly { try connection.execute("BEGIN") } else { try takeLock() }
        do throws(StoreError) {
            let found = try look()
            lastGiven = lastSeen
            return found
        } catch {
            rollback()
            throw error
        }
    }

    private func takeLock() throws(StoreError) {
        do throws(StoreError) {
            try beginWriting()
            isLockedOut = false
        } catch {
            isLockedOut = connection.isBusy
            throw error
        }
    }

    private func beginWriting() throws(StoreError) {
        // What somebody else wrote meanwhile is seen from a new beginning, which also waits for whoever is writing.
        if connection.log?.holdsMark == true, (try? statements.begin.run()) != nil { return }
        connection.log?.letGo()
        try statements.begin.run()
    }

    package func commit() throws(StoreError) {
        bystander?.rest()
        do throws(StoreError) {
            if isWatched { connection.log?.hold() }
            try statements.commit.run()
            connection.log?.tidy()
            lastSeen = lastGiven ?? lastSeen
            lastGiven = nil
            written.removeAll(keepingCapacity: true)
            // Our own commit changes it too. What others do now changes it only when we read again.
            versionSeen = connection.dataVersion
        } catch {
            rollback()
            throw error
        }
    }

    package func rollback() {
        bystander?.rest()
        lastGiven = nil
        lastPlace = nil
        written.removeAll(keepingCapacity: true)
        forget()
        connection.log?.letGo()
        // Some errors end a transaction by themselves. Should this fail, the connection is broken, and so is what it
        // held.
        if connection.isInTransaction { _ = try? statements.rollback.run() }
    }

    package func poll() throws(StoreError) -> [JournalEntry] {
        if lastGiven != nil { return [] }
        try lookForFile()
        let found = try appendsSinceLastLook()
        lastSeen = found.last?.position ?? lastSeen
        return found
    }

    /// Not asked in every turn, since a look follows each write.
    private func lookForFile() throws(StoreError) {
        isAstray = connection.hasMoved
        if isAstray { throw .unavailable("The store's file is not where it was: it was moved or removed.") }
    }

    /// What is wrong with one of them is told to whoever reads its run.
    private func appendsSinceLastLook() throws(StoreError) -> [JournalEntry] {
        try statements.appendsAfter.all(lastSeen) { row in (try? statements.wholeEntry(row)) ?? row.entry }
    }

    /// What reads a run's events. Once a transaction has come upon a damaged page SQLite commits nothing of it, so within
    /// a turn, which nobody else can write during, they are read beside it, unless the turn has written some itself.
    func statementsToRead(_ run: Int64) -> Statements {
        guard lastGiven != nil, let bystander, !written.contains(run) else { return statements }
        return bystander.read() ?? statements
    }

    /// What others appended, at the start of a turn: after it, `lastSeen` is the last position that anybody was given.
    private func look() throws(StoreError) -> [JournalEntry] {
        let version = connection.dataVersion
        if version == versionSeen { return [] }
        let found = try appendsSinceLastLook()
        let deleted = try statements.deletedPosition.first { $0.int(0) } ?? 0
        lastSeen = max(lastSeen, found.last?.position ?? 0, deleted)
        versionSeen = version
        forget()
        return found
    }

    /// What was known as long as nobody else wrote.
    private func forget() {
        newestVersions = [:]
        ends.removeAll(keepingCapacity: true)
        sifted = nil
        lastKey = nil
    }

    private var nextPosition: Int64 {
        guard let lastGiven else { preconditionFailure("a journal is written between begin and commit") }
        return lastGiven + 1
    }

    /// Where a run's journal ends; nil of a run that is not there.
    private func end(of run: Int64) throws(StoreError) -> JournalEnd? {
        if let known = ends[run] { return known }
        let found = try statementsToRead(run).end(of: run)
        if let found { note(found, of: run) }
        return found
    }

    /// Notes, within a turn, where a run's journal ends.
    func note(_ end: JournalEnd, of run: Int64) {
        guard lastGiven != nil else { return }
        // A note costs little, and so does to look again; runs come without end.
        if ends.count == 4096 { ends.removeAll(keepingCapacity: true) }
        ends[run] = end
    }

    private func nextKey() throws(StoreError) -> Int64 {
        if let lastKey { return lastKey + 1 }
        return try (statements.lastKey.first { $0.int(0) } ?? 0) + 1
    }

    private func lastSifted() throws(StoreError) -> Int64 {
        if let sifted { return sifted }
        let found = try statements.sifted.first { $0.int(0) } ?? 0
        sifted = found
        return found
    }

    /// Lists the runs since the last one listed, once they are too many to be looked through.
    private func sift(upTo key: Int64) throws(StoreError) {
        let last = try lastSifted()
        guard key > last + 256 else { return }
        // The last one may stand there for its place alone.
        try statements.unlist.run(last)
        try statements.sift.run(last, key)
        sifted = key
    }

    /// Brings the list up to date where it has gone past the run; the last one of it stays.
    private func list(_ key: Int64, isUnparked: Bool) throws(StoreError) {
        guard try key < lastSifted() else { return }
        try (isUnparked ? statements.list : statements.unlist).run(key)
    }

    /// Within a turn the last look tells whether anybody else wrote.
    package func newestVersion(ofWorkflow name: String, namespace: String) throws(StoreError) -> String? {
        let name = WorkflowName(namespace: namespace, name: name)
        if lastGiven != nil, let known = newestVersions[name] { return known }
        let newest = try statements.newestVersion.first(namespace, name.name) { $0.text(0) }
        guard lastGiven != nil else { return newest }
        // Names that no workflow has come without end.
        if newestVersions.count == 1024 { newestVersions.removeAll(keepingCapacity: true) }
        newestVersions.updateValue(newest, forKey: name)
        return newest
    }
}

/// A second connection of a journal's, opened when it is first needed.
private final class Bystander {
    private let path: String
    private lazy var statements: Statements? = (try? Connection(.file(path), patience: .zero)).map(Statements.init)
    private var isReading = false

    init(path: String) { self.path = path }

    /// What reads until it is told to rest, in one transaction: to begin and end one takes locks. Nil where no further
    /// connection can be had.
    func read() -> Statements? {
        if !isReading { isReading = (try? statements?.beginReading.run()) != nil }
        return statements
    }

    func rest() {
        guard isReading else { return }
        isReading = false
        // Some errors end a transaction by themselves.
        _ = try? statements?.commit.run()
    }
}

private struct WorkflowName: Hashable {
    var namespace: String
    var name: String
}

extension SQLiteJournal {
    package func insert(_ run: RunRecord) throws(StoreError) -> Int64 {
        let promised = nextPosition
        let key = try nextKey()
        try statements.insertRun.run(
            key, run.id, run.namespace, run.workflow, run.version, run.status.rawValue, run.isPaused, run.labels,
            run.cwd,
            run.createdAt, run.startedAt, run.endedAt, run.owner, run.epoch, run.wakeAt,
            run.parent, promised, run.lastSeq)
        lastKey = key
        note(JournalEnd(promised: promised), of: key)
        try sift(upTo: key)
        return key
    }

    package func update(_ run: RunRecord) throws(StoreError) {
        let changed = try statements.updateRun.run(
            run.status.rawValue, run.isPaused, run.startedAt, run.endedAt, run.owner, run.epoch,
            run.wakeAt, run.lastSeq, run.key)
        if changed == 0 { throw .unavailable("There is no run \(run.id) in the store.") }
        try list(run.key, isUnparked: run.isUnparked)
        // Hardly anybody writes to a run that is over.
        if run.status.isTerminal { ends[run.key] = nil }
    }

    package func deleteRun(_ key: Int64) throws(StoreError) {
        var positions: [Int64] = []
        try statementsToRead(key).eachEntry(of: key) { (row) throws(StoreError) in
            positions.append(row.int(0))
            return true
        }
        for position in positions { try statements.deleteEntry.run(position) }
        try statements.rememberDeleted.run(key, positions.last ?? 0)
        ends[key] = nil
        try statements.deleteInteractions.run(key)
        try statements.deleteSnapshots.run(key)
        try statements.deleteBlobs.run(key)
        try statements.deleteBlobUses.run(key)
        try statements.deleteRun.run(key)
        try list(key, isUnparked: false)
    }

    package func append(run: Int64, firstSeq: Int, at moment: Timestamp, events: [UInt8]) throws(StoreError) {
        let position = nextPosition
        guard let end = try end(of: run), end.firstSeq < firstSeq else { throw .conflict(run: run, seq: firstSeq) }
        let place = EntryPlace(at: position, of: run, after: lastPlace, promised: end.promised)
        do throws(StoreError) {
            if let (cut, blobs) = CutText.cutting(events, below: 3) {
                let places = JSONValue(places: cut.places)
                try statements.appendCut.run(
                    position, run, firstSeq, place.follows, moment, Shorthand.shortened(cut.text), places)
                try keep(blobs, for: run)
            } else {
                let text = Shorthand.shortened(events)
                try statements.append.run(position, run, firstSeq, place.follows, moment, text)
            }
            lastGiven = position
            lastPlace = place
            note(JournalEnd(firstSeq: firstSeq), of: run)
            if written.last != run { written.append(run) }
        } catch {
            throw connection.isAtConflict ? .conflict(run: run, seq: firstSeq) : error
        }
    }

    package func put(_ interaction: InteractionRecord) throws(StoreError) {
        try statements.putInteraction.run(
            interaction.id, interaction.run, interaction.executionID, interaction.body, interaction.isOpen)
    }

    package func put(_ workflow: WorkflowRecord) throws(StoreError) {
        newestVersions = [:]
        try statements.putWorkflow.run(
            workflow.namespace, workflow.name, workflow.version, workflow.document, workflow.registeredAt,
            workflow.isRegistered)
    }

    package func put(_ answer: IdempotencyRecord) throws(StoreError) {
        try statements.putAnswer.run(answer.namespace, answer.key, answer.request, answer.response)
    }
}
