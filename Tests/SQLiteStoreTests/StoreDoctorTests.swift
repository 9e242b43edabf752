import Glibc
import JSON
import JournalSuite
import Testing
import WorkflowModel
import WorkflowStore

@testable import SQLiteStore

@Suite("A doctor looks a store over")
struct StoreDoctorTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.file("state/x.db") }
    private let moment = Timestamp(milliseconds: 1_769_851_800_125)

    /// A store with two whole runs.
    init() throws {
        let journal = try SQLiteJournal(at: .file(path))
        try journal.turn { journal in
            for id in ["a", "b"] {
                let key = try journal.insert(newRun(id, status: .inProgress))
                try journal.append(run: key, firstSeq: 1, at: moment, events: Self.begun)
            }
            try journal.put(
                WorkflowRecord(
                    namespace: "tests", name: "greet", version: "v1", document: [:], registeredAt: moment,
                    isRegistered: true))
        }
    }

    private static let begun = Array(
        """
        [{"type":"run/created","data":{"workflow":"greet","version":"v1","namespace":"tests","cwd":"/"}},
        {"type":"run/statusChanged","data":{"status":"in-progress","isPaused":false,"previous":"pending"}}]
        """.utf8)

    private func examine(repairs: Bool = false) throws -> [StoreFinding] {
        try StoreDoctor(path: path).examine(repairs: repairs, at: moment)
    }

    private func wrong(repairs: Bool = false) throws -> [String] {
        try examine(repairs: repairs).filter { $0.severity != .note && !$0.isRepaired }.map(\.kind)
    }

    private func sql(_ text: String) throws {
        try Connection(.file(path), patience: .seconds(1)).execute(text)
    }

    private func bytes() throws -> [UInt8] { try PrivateFile.read(path, limit: 1 << 24) }

    @Test("and has nothing to complain of where nothing is wrong, nor anything to repair")
    func healthy() throws {
        let before = try bytes()
        let found = try examine(repairs: true)
        #expect(found.filter { $0.severity != .note } == [])
        #expect(found.map(\.kind).contains("version"))
        #expect(try bytes() == before)
        #expect(FileModes.entries(of: folder.file("state")).allSatisfy { !$0.contains("backup") })
    }

    static let mendable: [(String, String)] = [
        ("INSERT INTO events VALUES (99, 77, 1, 1, '[]', NULL, 0)", "events.orphaned"),
        ("INSERT INTO snapshots VALUES (77, 1, 1, '{}', NULL)", "snapshots.orphaned"),
        ("INSERT INTO blobs VALUES ('f00', '1', NULL)", "blobs.orphaned"),
        ("INSERT INTO blobUses VALUES (77, 'f00')", "blobUses.orphaned"),
        ("INSERT INTO interactions VALUES (99, 'q', 77, 'e', '{}', 1)", "interactions.orphaned"),
        (
            """
            INSERT INTO interactions VALUES (99, 'q', 1, 'e', '{}', 1);
            INSERT INTO events VALUES (99, 1, 3, 1,
                '[{"type":"run/statusChanged","data":{"status":"failed","isPaused":false,"previous":"in-progress"}}]', NULL, 0);
            UPDATE runs SET status = 'failed' WHERE key = 1
            """, "interactions.stale"
        ),
        ("UPDATE runs SET status = 'completed' WHERE id = 'a'", "run.stale"),
        ("INSERT INTO unparked VALUES (2)", "run.unlisted"),
        ("DELETE FROM events WHERE run = 1", "run.empty"),
        (
            """
            DELETE FROM events WHERE run = 1; INSERT INTO interactions VALUES (99, 'q', 1, 'e', '{}', 1);
            INSERT INTO snapshots VALUES (1, 1, 1, '{}', NULL)
            """, "run.empty"
        ),
    ]

    @Test("what it can mend it mends when that is asked, after a backup, and only then", arguments: mendable)
    func mends(harm: String, kind: String) throws {
        try sql(harm)
        #expect(try wrong() == [kind])
        #expect(try wrong() == [kind], "Looking changes nothing.")
        let found = try examine(repairs: true)
        #expect(found.filter { $0.kind == kind }.map(\.isRepaired) == [true])
        #expect(found.filter { $0.kind == kind }.allSatisfy { $0.repair != nil })
        #expect(found.contains { $0.kind == "backup" })
        #expect(try wrong() == [])
        #expect(
            try StoreDoctor(path: path + ".backup-20260131T093000Z").examine(repairs: false, at: moment).contains {
                $0.kind == kind
            })
    }

    static let lost: [(String, String)] = [
        ("UPDATE events SET firstSeq = 5 WHERE run = 1", "journal.gap"),
        ("UPDATE runs SET lastSeq = 99 WHERE key = 1", "journal.gap"),
        ("UPDATE events SET events = '[{\"type\":\"run/exploded\",\"data\":{}}]' WHERE run = 1", "event.unreadable"),
        ("UPDATE events SET events = '[' WHERE run = 1", "event.unreadable"),
        ("DELETE FROM workflows", "workflow.missing"),
        ("UPDATE runs SET status = 'awaiting' WHERE id = 'a'", "run.unanswerable"),
    ]

    @Test("what it cannot mend it tells, and leaves alone", arguments: lost)
    func leaves(harm: String, kind: String) throws {
        if kind == "run.unanswerable" {
            try sql("UPDATE events SET events = replace(events, 'in-progress', 'awaiting') WHERE run = 1")
        }
        try sql(harm)
        let before = try wrong()
        #expect(Set(before) == [kind])
        #expect(try wrong(repairs: true) == before)
    }

    @Test("a mode that lets others read is mended")
    func modes() throws {
        chmod(path, 0o640)
        chmod(folder.file("state"), 0o755)
        #expect(try wrong() == ["file.mode", "file.mode"])
        #expect(mode(of: path) == 0o640, "Looking changes nothing.")
        #expect(try wrong(repairs: true) == [])
        #expect(mode(of: path) == 0o600)
        #expect(mode(of: folder.file("state")) == 0o700)
    }

    @Test("what a dead engine left is told, and taken away when that is asked")
    func deadEngine() throws {
        let living = EngineLock(path: path, engineID: "living")
        try living.announce()
        try PrivateFile.create(path + "-engines/dead")
        try sql("UPDATE runs SET owner = 'dead' WHERE id = 'a'; UPDATE runs SET owner = 'living' WHERE id = 'b'")
        let found = try examine()
        #expect(found.filter { $0.kind == "engine.dead" }.count == 1)
        #expect(found.filter { $0.kind == "run.abandoned" }.count == 1)
        #expect(mode(of: path + "-engines/dead") != nil)
        _ = try examine(repairs: true)
        #expect(mode(of: path + "-engines/dead") == nil)
        #expect(mode(of: path + "-engines/living") != nil)
    }

    @Test("a damaged page is told, with the runs that are on it, and the rest is looked at all the same")
    func damagedPage() throws {
        let filler = String(repeating: "x", count: 3000)
        do {
            let journal = try SQLiteJournal(at: .file(path))
            for number in 0..<20 {
                try journal.turn { journal in
                    let key = try journal.insert(newRun("r\(number)", status: .inProgress))
                    let log =
                        "[{\"type\":\"execution/log\",\"data\":{\"level\":\"info\",\"message\":\"needle-\(number)-\(filler)\"}}]"
                    try journal.append(run: key, firstSeq: 1, at: moment, events: Self.begun)
                    try journal.append(run: key, firstSeq: 3, at: moment, events: Array(log.utf8))
                }
            }
        }
        try sql("PRAGMA wal_checkpoint(TRUNCATE)")
        let page = try #require(try DatabaseFile(path).leaf(holding: "needle-7-"))
        try DatabaseFile(path).destroy(page: page)
        let told = try examine().filter { $0.severity == .error }
        #expect(told.contains { $0.kind == "page.damaged" && $0.repair == nil })
        let runs = told.filter { $0.kind == "store.unreadable" }.map(\.message)
        #expect(runs.contains { $0.contains("the run r7 ") })
        #expect(runs.count < 6, "\(runs)")
    }

    @Test("and says why where there is no store")
    func absent() throws {
        #expect(throws: StoreError.self) { try StoreDoctor(path: folder.file("none.db")) }
        #expect(mode(of: folder.file("none.db")) == nil)
        let theirs = folder.file("theirs.db")
        try Connection(.file(theirs), patience: .zero).execute("CREATE TABLE theirs (x)")
        let error = #expect(throws: StoreError.self) {
            try StoreDoctor(path: theirs).examine(repairs: true, at: moment)
        }
        #expect(error == .unavailable("The file is not a store of Fermata."))
    }
}

/// A database as the bytes it is.
struct DatabaseFile {
    private static let tableLeaf: UInt8 = 0x0D

    private let path: String
    private let bytes: [UInt8]
    private let pageSize: Int

    init(_ path: String) throws {
        self.path = path
        bytes = try PrivateFile.read(path, limit: 1 << 26)
        let size = Int(bytes[16]) << 8 | Int(bytes[17])
        pageSize = size == 1 ? 65536 : size
    }

    /// The number, from 0, of the table's leaf page on which a row with this text is.
    func leaf(holding text: String) -> Int? {
        let needle = Array(text.utf8)
        return (0..<bytes.count / pageSize).first { page in
            let content = bytes[page * pageSize..<(page + 1) * pageSize]
            return content.first == Self.tableLeaf && content.firstRange(of: needle) != nil
        }
    }

    func destroy(page: Int) throws {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        defer { close(descriptor) }
        let garbage = [UInt8](repeating: 0xA5, count: pageSize)
        #expect(pwrite(descriptor, garbage, garbage.count, page * pageSize) == garbage.count)
    }
}
