import CSQLite
import Glibc
import JournalSuite
import Synchronization
import Testing
import WorkflowModel
import WorkflowStore

@testable import SQLiteStore

@Suite("The journal on SQLite")
struct SQLiteJournalTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.file("state/deep/fermata.db") }

    @Test("keeps to what every journal must", arguments: JournalSuite.checks)
    func suite(check: JournalSuite.Check) throws {
        try check.run { try SQLiteJournal(at: .file(path), patience: .milliseconds(1)) }
    }

    @Test("is there again after it was closed")
    func reopen() throws {
        do {
            let journal = try SQLiteJournal(at: .file(path))
            let key = try journal.turn { try $0.insert(newRun("r")) }
            try journal.turn { try $0.append(run: key, firstSeq: 1, at: Timestamp(milliseconds: 1), events: events(2)) }
        }
        // The file stays, and nothing in it must be read at the next start.
        #expect(size(of: path + "-wal") == 0)
        let journal = try SQLiteJournal(at: .file(path))
        let run = try #require(try journal.run(id: "r"))
        #expect(try journal.entries(run: run.key, afterSeq: 0, maxBytes: .max).map(\.events) == [events(2)])
        #expect(try journal.begin() == [])
    }

    @Test("can be of one process alone, in memory")
    func inMemory() throws {
        let journal = try SQLiteJournal(at: .memory)
        try journal.turn { try $0.insert(newRun("r")) }
        #expect(try journal.run(id: "r") != nil)
        #expect(try SQLiteJournal(at: .memory).run(id: "r") == nil)
    }

    @Test("is readable by its owner alone")
    func modes() throws {
        let mask = umask(0)
        defer { umask(mask) }
        let journal = try SQLiteJournal(at: .file(path))
        try journal.turn { try $0.insert(newRun("r")) }
        #expect(mode(of: folder.file("state")) == 0o700)
        #expect(mode(of: folder.file("state/deep")) == 0o700)
        for suffix in ["", "-wal", "-shm"] { #expect(mode(of: path + suffix) == 0o600, "\(suffix)") }
    }

    @Test("is made once when several engines start on it together")
    func creationRace() throws {
        let path = folder.file("race.db")
        let failures = Mutex<[StoreError]>([])
        inParallel(8) { number in
            do throws(StoreError) {
                let journal = try SQLiteJournal(at: .file(path))
                _ = try journal.begin()
                _ = try journal.insert(newRun("r\(number)"))
                try journal.commit()
            } catch {
                failures.withLock { $0.append(error) }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(try SQLiteJournal(at: .file(path)).counts() == [.pending: 8])
    }

    @Test("keeps what was committed, and nothing else, when its process is killed")
    func killed() async throws {
        let path = folder.file("killed.db")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let journal = try SQLiteJournal(at: .file(path))
            _ = try journal.turn { try $0.insert(newRun("committed")) }
            _ = try journal.begin()
            _ = try journal.insert(newRun("open"))
            kill(getpid(), SIGKILL)
        }
        let journal = try SQLiteJournal(at: .file(path))
        #expect(try journal.runs(RunFilter(), before: nil, limit: 9).map(\.id) == ["committed"])
        #expect(try journal.begin() == [])
    }

    @Test("waits for another's turn once, and not again until it could take one")
    func lockedOut() throws {
        let other = try SQLiteJournal(at: .file(path))
        let journal = try SQLiteJournal(at: .file(path), patience: .seconds(1))
        let clock = ContinuousClock()
        func wait() -> Duration { clock.measure { #expect(throws: StoreError.self) { try journal.begin() } } }
        _ = try other.begin()
        #expect(wait() >= .seconds(1))
        #expect(wait() < .seconds(1))
        other.rollback()
        _ = try journal.begin()
        journal.rollback()
        _ = try other.begin()
        #expect(wait() >= .seconds(1))
    }

    @Test("whose file was moved away is written no more, until it is back")
    func moved() throws {
        let journal = try SQLiteJournal(at: .file(path))
        try journal.turn { try $0.insert(newRun("r")) }
        #expect(try journal.poll() == [])
        let isAway = StoreError.unavailable("The store's file is not where it was: it was moved or removed.")
        #expect(rename(path, path + "-away") == 0)
        #expect(throws: isAway) { try journal.poll() }
        #expect(throws: isAway) { try journal.begin() }
        #expect(rename(path + "-away", path) == 0)
        try journal.turn { try $0.insert(newRun("s")) }
        #expect(try journal.counts() == [.pending: 2])
    }

    @Test("of a newer Fermata is refused with advice")
    func newer() throws {
        try sql("PRAGMA user_version=99")
        let error = #expect(throws: StoreError.self) { try SQLiteJournal(at: .file(folder.file("x.db"))) }
        #expect("\(error!)".contains("version 99") && "\(error!)".contains("update Fermata"))
    }

    @Test("leaves another program's database alone")
    func foreign() throws {
        try sql("CREATE TABLE theirs (x)")
        let error = #expect(throws: StoreError.self) { try SQLiteJournal(at: .file(folder.file("x.db"))) }
        #expect(error == .unavailable("The file is an SQLite database, but not a store of Fermata."))
    }

    @Test("that is no database, or no longer JSON, is corrupt")
    func corrupt() throws {
        let noise = folder.file("noise.db")
        let file = try #require(fopen(noise, "w"))
        fputs(String(repeating: "This is not a database. ", count: 500), file)
        fclose(file)
        #expect(throws: StoreError.corrupt("file is not a database")) { try SQLiteJournal(at: .file(noise)) }

        let journal = try SQLiteJournal(at: .file(folder.file("x.db")))
        try journal.turn { try $0.insert(newRun("r")) }
        try sql("UPDATE runs SET labels = '{'")
        let error = #expect(throws: StoreError.self) { try journal.run(id: "r") }
        #expect("\(error!)".hasPrefix("corrupt"))
        // A read that failed does not hold its statement open.
        try journal.turn { try $0.insert(newRun("s")) }
    }

    @Test("that cannot be made says why")
    func unreachable() throws {
        let error = #expect(throws: StoreError.self) { try SQLiteJournal(at: .file("/proc/none/x.db")) }
        #expect("\(error!)".contains("/proc/none"))
    }

    @Test(
        "finds what start-up needs without walking all runs",
        arguments: [
            ("SELECT min(wakeAt) FROM runs WHERE wakeAt IS NOT NULL", "runsToWake"),
            ("SELECT * FROM runs WHERE wakeAt IS NOT NULL AND wakeAt <= ? ORDER BY wakeAt, key LIMIT ?", "runsToWake"),
            ("SELECT * FROM interactions WHERE isOpen AND executionID = ? ORDER BY place", "interactionsOpen"),
        ])
    func plans(query: String, index: String) throws {
        let connection = try Connection(.memory, patience: .zero)
        try Schema.prepare(connection, at: .memory)
        let plan = try Statement(connection, "EXPLAIN QUERY PLAN " + query).all { $0.text(3) }
        #expect(plan.contains { $0.contains(index) }, "\(plan)")
    }

    private func sql(_ text: String) throws {
        try Connection(.file(folder.file("x.db")), patience: .seconds(1)).execute(text)
    }
}
