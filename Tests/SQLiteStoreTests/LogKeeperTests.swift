import JournalSuite
import Testing
import WorkflowModel
import WorkflowStore

@testable import SQLiteStore

@Suite("A journal that somebody watches holds on to the log between its turns")
struct LogKeeperTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.file("x.db") }

    private func open() throws -> SQLiteJournal {
        let journal = try SQLiteJournal(at: .file(path), patience: .milliseconds(1))
        journal.isWatched = true
        return journal
    }

    /// Whether the log can be begun anew, as far as others are concerned.
    private func isFree() throws -> Bool {
        let other = try Connection(.file(path), patience: .zero)
        return try Statement(other, "PRAGMA wal_checkpoint(TRUNCATE)").first { $0.int(0) } == 0
    }

    @Test("and keeps to what every journal must", arguments: JournalSuite.checks)
    func suite(check: JournalSuite.Check) throws {
        try check.run(open)
    }

    @Test("until it polls, reads, rolls back, or commits nothing")
    func letsGo() throws {
        let journal = try open()
        let table: [(SQLiteJournal) throws -> Void] = [
            { _ = try $0.poll() },
            { _ = try $0.run(id: "r0") },
            {
                _ = try $0.begin(); $0.rollback()
            },
            { try $0.turn { _ in } },
        ]
        for (number, body) in table.enumerated() {
            try journal.turn { try $0.insert(newRun("r\(number)")) }
            #expect(try !isFree(), "\(number)")
            try body(journal)
            #expect(try isFree(), "\(number)")
        }
        journal.isWatched = false
        try journal.turn { try $0.insert(newRun("unwatched")) }
        #expect(try isFree())
    }

    @Test("and goes on where others wrote, or are writing, meanwhile")
    func byTurns() throws {
        let journals = [try open(), try open()]
        let key = try journals[0].turn { try $0.insert(newRun("r")) }
        for seq in 1...40 {
            let (journal, other) = (journals[seq / 3 % 2], journals[1 - seq / 3 % 2])
            let news = seq % 3 == 0 ? Array(max(seq - 3, 1)..<seq) : []
            #expect(try journal.begin().map(\.firstSeq) == news)
            #expect(throws: StoreError.self) { try other.begin() }
            try journal.append(run: key, firstSeq: seq, at: Timestamp(milliseconds: 7), events: events(1))
            try journal.commit()
        }
        for journal in journals {
            #expect(try journal.entries(run: key, afterSeq: 0, maxBytes: .max).map(\.firstSeq) == Array(1...40))
        }
    }

    @Test("and lets go when the log is long, so that it does not grow without end")
    func bounded() throws {
        let journal = try open()
        let key = try journal.turn { try $0.insert(newRun("r")) }
        for seq in 1...3000 {
            try journal.turn {
                try $0.append(run: key, firstSeq: seq, at: Timestamp(milliseconds: 7), events: events(1))
            }
        }
        #expect(size(of: path + "-wal")! < 5_000_000)
        #expect(try SQLiteJournal(at: .file(path)).entries(run: key, afterSeq: 2990, maxBytes: .max).count == 10)
    }

    @Test("and writes a turn that is greater than what it gathers, or than SQLite keeps in memory")
    func great() throws {
        let journal = try open()
        let text = Array("[[\"n\",{\"text\":\"\(String(repeating: "x", count: 60_000))\"}]]".utf8)
        let key = try journal.turn { journal in
            let key = try journal.insert(newRun("r"))
            for seq in 1...100 {
                try journal.append(run: key, firstSeq: seq, at: Timestamp(milliseconds: 7), events: text)
            }
            #expect(try journal.entries(run: key, afterSeq: 0, maxBytes: .max).count == 100)
            return key
        }
        for reader in [journal, try open()] {
            let found = try reader.entries(run: key, afterSeq: 0, maxBytes: .max)
            #expect(found.count == 100 && found.allSatisfy { $0.events == text })
        }
        let other = try Connection(.file(path), patience: .zero)
        #expect(try Statement(other, "PRAGMA integrity_check").first { $0.text(0) } == "ok")
    }

    @Test("and what was rolled back is written no more, where another has committed since")
    func rolledBack() throws {
        let path = path
        func connect() throws -> Connection {
            let connection = try Connection(.file(path), patience: .zero, gathersLog: true)
            // So that a greater transaction is on its way into the log before it is committed.
            try connection.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=10")
            return connection
        }
        let (ours, other) = (try connect(), try connect())
        try ours.execute("CREATE TABLE a(x); CREATE TABLE b(x)")
        for size in 1...40 {
            // Nothing is read from the log at the rollback, before which what was gathered would be put down.
            try ours.execute("PRAGMA wal_checkpoint(TRUNCATE); BEGIN IMMEDIATE")
            for _ in 1...size { try ours.execute("INSERT INTO a VALUES (randomblob(3000))") }
            try ours.execute("ROLLBACK")
            try other.execute("INSERT INTO b VALUES (randomblob(2000))")
            #expect(try Statement(ours, "SELECT count(*) FROM b").first { $0.int(0) } == Int64(size))
        }
        #expect(try Statement(connect(), "PRAGMA integrity_check").first { $0.text(0) } == "ok")
    }
}
