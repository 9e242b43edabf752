import JournalSuite
import Testing
import WorkflowModel
import WorkflowStore

@testable import SQLiteStore

@Suite("What a commit writes")
struct LayoutTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.file("x.db") }
    private let moment = Timestamp(milliseconds: 1)

    private func append(_ seqs: ClosedRange<Int>, of run: Int64, to journal: SQLiteJournal) throws {
        for seq in seqs {
            try journal.turn { try $0.append(run: run, firstSeq: seq, at: moment, events: events(1)) }
        }
    }

    private func seqs(_ journal: SQLiteJournal, _ run: Int64, after seq: Int) throws -> [Int] {
        try journal.entries(run: run, afterSeq: seq, maxBytes: .max).map(\.firstSeq)
    }

    private func number(_ sql: String, in connection: Connection) throws -> Int64 {
        try Statement(connection, sql).first { $0.int(0) } ?? -1
    }

    @Test("Of a run alone the index has no entry, and of a long one each sixteenth")
    func rows() throws {
        let journal = try SQLiteJournal(at: .file(path))
        let heads = "SELECT count(*) FROM events INDEXED BY eventHeads WHERE follows = 0"
        let run = try journal.turn { journal in
            let key = try journal.insert(newRun("r"))
            try journal.append(run: key, firstSeq: 1, at: moment, events: events(1))
            return key
        }
        try append(2...16, of: run, to: journal)
        #expect(try number(heads, in: journal.connection) == 0)
        try append(17...50, of: run, to: journal)
        #expect(try number(heads, in: journal.connection) == 3)
        for seq in 0...50 { #expect(try seqs(journal, run, after: seq) == Array(1...50).filter { $0 > seq }) }
        // A journal that knows nothing yet finds the end.
        let other = try SQLiteJournal(at: .file(path))
        _ = try other.begin()
        #expect(throws: StoreError.conflict(run: run, seq: 50)) {
            try other.append(run: run, firstSeq: 50, at: moment, events: events(1))
        }
        other.rollback()
        try append(51...51, of: run, to: other)
        #expect(try seqs(journal, run, after: 48) == [49, 50, 51])
    }

    @Test("Runs that move by turns are found entry by entry", arguments: [1, 2, 3])
    func interleaved(turnsAtOnce: Int) throws {
        let journals = [try SQLiteJournal(at: .file(path)), try SQLiteJournal(at: .file(path))]
        // Created together, so that but one of them finds its promised place free.
        let runs = try journals[0].turn { journal in try (1...3).map { try journal.insert(newRun("r\($0)")) } }
        for step in 0..<40 {
            let run = runs[step / turnsAtOnce % 3]
            let journal = journals[step / 5 % 2]
            let next = try seqs(journal, run, after: 0).count + 1
            try append(next...next, of: run, to: journal)
            if step % 7 == 0 {
                // What is forgotten leaves no trace in what follows.
                _ = try journal.begin()
                try journal.append(run: run, firstSeq: next + 1, at: moment, events: events(1))
                journal.rollback()
            }
        }
        for journal in journals + [try SQLiteJournal(at: .file(path))] {
            var count = 0
            for run in runs {
                let all = try seqs(journal, run, after: 0)
                #expect(all == Array(1...all.count))
                for seq in all { #expect(try seqs(journal, run, after: seq) == all.filter { $0 > seq }) }
                count += all.count
            }
            #expect(count == 40)
        }
        try journals[0].turn { try $0.deleteRun(runs[1]) }
        #expect(try number("SELECT count(*) FROM events WHERE run = \(runs[1])", in: journals[0].connection) == 0)
        #expect(throws: StoreError.conflict(run: runs[1], seq: 99)) {
            try journals[1].turn { try $0.append(run: runs[1], firstSeq: 99, at: moment, events: events(1)) }
        }
        journals[1].rollback()
    }

    @Test("Runs that somebody performs, or must, are found among all others, however old they are")
    func unparked() throws {
        let journals = [try SQLiteJournal(at: .file(path)), try SQLiteJournal(at: .file(path))]
        let journal = journals[0]
        var expected: [String] = []
        func change(_ id: String, _ body: (inout RunRecord) -> Void) throws {
            var run = try #require(try journal.run(id: id))
            body(&run)
            try journal.turn { try $0.update(run) }
        }
        func check() throws {
            expected.sort { Int($0.dropFirst())! < Int($1.dropFirst())! }
            #expect(try journal.unparkedRuns(namespace: "tests").map(\.id) == expected)
            #expect(try journal.ownersOfUnparkedRuns(namespace: "tests").count == expected.count)
            #expect(try journal.unparkedRuns(namespace: "others") == [])
        }
        for number in 1...1000 {
            let isOwned = number % 10 == 0
            var run = newRun("r\(number)", status: number % 100 == 1 ? .inProgress : .awaiting)
            if isOwned { run.owner = "engine" }
            if isOwned || run.status == .inProgress { expected.append(run.id) }
            try journals[number / 300 % 2].turn { try $0.insert(run) }
            if number % 200 == 0 { try check() }
        }
        for id in ["r10", "r990"] {
            try change(id) { $0.owner = nil }
            expected.removeAll { $0 == id }
        }
        try change("r1") { $0.status = .completed }
        expected.removeAll { $0 == "r1" }
        for id in ["r5", "r995"] {
            try change(id) { $0.owner = "engine" }
            expected.append(id)
        }
        try check()
        let listed = try number("SELECT count(*) FROM unparked", in: journal.connection)
        #expect(listed > 0 && listed < 200)
        try journal.turn { try $0.deleteRun(5) }
        expected.removeAll { $0 == "r5" }
        try check()
        let idle = "unparked WHERE run NOT IN (SELECT key FROM runs WHERE owner IS NOT NULL OR status = 'in-progress')"
        #expect(try number("SELECT count(*) FROM \(idle)", in: journal.connection) == 1, "the last one alone")
        let plan = try Statement(
            journal.connection, "EXPLAIN QUERY PLAN " + Statements.ownersOfUnparkedRuns
        ).all("tests") { $0.text(3) }
        #expect(!plan.contains { $0.contains("SCAN runs") }, "\(plan)")
    }

    @Test("A store of the layout before keeps its runs and its pages, and goes on in the new layout")
    func migration() throws {
        do {
            let old = try Connection(.file(path), patience: .zero)
            try old.execute("PRAGMA page_size=4096; PRAGMA journal_mode=WAL")
            for migration in Schema.migrations[..<3] { try old.execute(migration.sql) }
            try old.execute(
                """
                PRAGMA user_version=3;
                INSERT INTO runs (key, id, namespace, workflow, version, status, isPaused, labels, cwd, createdAt, owner, epoch)
                    VALUES (1, 'a', 'tests', 'greet', 'v1', 'in-progress', 0, '{}', '/', 1, 'engine', 1),
                           (2, 'b', 'tests', 'greet', 'v1', 'awaiting', 0, '{}', '/', 1, NULL, 1);
                INSERT INTO events (position, run, firstSeq, at, events)
                    VALUES (1, 1, 1, 1, '[[]]'), (2, 1, 2, 1, '[[]]'), (3, 2, 1, 1, '[[]]'), (4, 1, 3, 1, '[[]]')
                """)
        }
        let journal = try SQLiteJournal(at: .file(path))
        #expect(try seqs(journal, 1, after: 0) == [1, 2, 3])
        #expect(try seqs(journal, 1, after: 1) == [2, 3])
        #expect(throws: StoreError.conflict(run: 1, seq: 3)) {
            try journal.turn { try $0.append(run: 1, firstSeq: 3, at: moment, events: events(1)) }
        }
        journal.rollback()
        try append(4...5, of: 1, to: journal)
        try append(2...2, of: 2, to: journal)
        try append(6...6, of: 1, to: journal)
        #expect(try seqs(journal, 1, after: 0) == Array(1...6))
        #expect(try seqs(journal, 2, after: 0) == [1, 2])
        #expect(try journal.unparkedRuns(namespace: "tests").map(\.id) == ["a"])
        #expect(try number("PRAGMA page_size", in: journal.connection) == 4096)
        #expect(try StoreDoctor(path: path).examine(repairs: false, at: moment).map(\.kind).contains("version"))
    }
}
