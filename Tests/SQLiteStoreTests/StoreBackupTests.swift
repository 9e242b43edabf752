import Glibc
import JournalSuite
import Testing
import WorkflowModel
import WorkflowStore

@testable import SQLiteStore

@Suite("A copy of a store")
struct StoreBackupTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.file("x.db") }
    private let moment = Timestamp(milliseconds: 1_769_851_800_125)

    @Test("has what was committed, while an engine has a turn open and goes on")
    func whileWriting() throws {
        let journal = try SQLiteJournal(at: .file(path))
        try journal.turn { try $0.insert(newRun("committed")) }
        _ = try journal.begin()
        _ = try journal.insert(newRun("open"))
        let copy = try StoreBackup.make(of: path, to: nil, at: moment)
        #expect(copy == path + ".backup-20260131T093000Z")
        #expect(mode(of: copy) == 0o600)
        try journal.commit()
        let restored = try SQLiteJournal(at: .file(copy))
        #expect(try restored.runs(RunFilter(), before: nil, limit: 9).map(\.id) == ["committed"])
        try restored.turn { try $0.insert(newRun("more")) }
        #expect(try journal.runs(RunFilter(), before: nil, limit: 9).map(\.id) == ["open", "committed"])
        #expect(FileModes.entries(of: folder.path).allSatisfy { !$0.contains("partial") })
    }

    @Test("takes no other file's place, and none is made of what is not there")
    func refusals() throws {
        try Connection(.file(path), patience: .zero).execute("CREATE TABLE theirs (x)")
        #expect(throws: StoreError.self) { try StoreBackup.make(of: path, to: nil, at: moment) }
        let journal = try SQLiteJournal(at: .file(folder.file("y.db")))
        try journal.turn { try $0.insert(newRun("r")) }
        let error = #expect(throws: StoreError.self) {
            try StoreBackup.make(of: folder.file("y.db"), to: path, at: moment)
        }
        #expect(error == .unavailable("There is a file \(path) already."))
        #expect(throws: StoreError.self) { try StoreBackup.make(of: folder.file("z.db"), to: nil, at: moment) }
        #expect(mode(of: folder.file("z.db")) == nil, "Looking makes no store.")
    }

    @Test("is made before a store is brought up to date, and kept", arguments: [1, 2])
    func migration(times: Int) throws {
        let first = path + ".backup-version-1"
        for time in 1...times {
            for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
            do {
                let old = try Connection(.file(path), patience: .zero)
                try old.execute(
                    "PRAGMA journal_mode=WAL; BEGIN; \(Schema.migrations[0].sql); PRAGMA user_version=1; COMMIT")
                try old.execute("INSERT INTO deleted VALUES (\(time), 7)")
            }
            let journal = try SQLiteJournal(at: .file(path))
            let backup = time == 1 ? first : first + "-2"
            #expect(journal.backup == backup)
            #expect(mode(of: backup) == 0o600)
            let kept = try Connection(.file(backup), patience: .zero)
            #expect(try Statement(kept, "PRAGMA user_version").first { $0.int(0) } == 1)
            #expect(try Statement(kept, "SELECT max(run) FROM deleted").first { $0.int(0) } == Int64(time))
            try journal.turn { try $0.insert(newRun("r")) }
            #expect(try SQLiteJournal(at: .file(path)).backup == nil)
        }
    }

    @Test("A store of a newer Fermata is not touched")
    func newer() throws {
        try Connection(.file(path), patience: .zero).execute("CREATE TABLE new (x); PRAGMA user_version=99")
        let before = try PrivateFile.read(path, limit: 1 << 20)
        #expect(throws: StoreError.self) { try SQLiteJournal(at: .file(path)) }
        #expect(throws: StoreError.self) { try StoreDoctor(path: path).examine(repairs: true, at: moment) }
        #expect(try PrivateFile.read(path, limit: 1 << 20) == before)
    }
}

@Suite("Whoever may read what belongs to a store")
struct FileModeTests {
    private let folder = TemporaryFolder()

    @Test("is its owner, whatever the mask says", arguments: [0o000, 0o777, 0o027] as [mode_t])
    func mask(mask: mode_t) async throws {
        // The mask is the whole process's.
        await #expect(processExitsWith: .success) { [folder = folder.path as String, mask = mask as mode_t] in
            umask(mask)
            let path = folder + "/state/deep/x.db"
            let journal = try SQLiteJournal(at: .file(path))
            try journal.turn { try $0.insert(newRun("r")) }
            let lock = EngineLock(path: path, engineID: "engine")
            try lock.announce()
            let copy = try StoreBackup.make(of: path, to: nil, at: Timestamp(milliseconds: 0))
            try PrivateFile.replace(folder + "/state/export", with: [1])
            let files = [path, path + "-wal", path + "-shm", copy, folder + "/state/export", path + "-engines/engine"]
            let folders = [folder + "/state", folder + "/state/deep", path + "-engines"]
            let isPrivate = files.allSatisfy { mode(of: $0) == 0o600 } && folders.allSatisfy { mode(of: $0) == 0o700 }
            exit(isPrivate ? 0 : 1)
        }
    }

    @Test("is its owner, also where older files and their folder say otherwise")
    func existing() throws {
        let path = folder.file("state/x.db")
        do {
            let journal = try SQLiteJournal(at: .file(path))
            try journal.turn { try $0.insert(newRun("r")) }
        }
        for suffix in ["", "-wal", "-shm"] { chmod(path + suffix, 0o644) }
        chmod(folder.file("state"), 0o755)
        let journal = try SQLiteJournal(at: .file(path))
        try journal.turn { try $0.insert(newRun("s")) }
        for suffix in ["", "-wal", "-shm"] { #expect(mode(of: path + suffix) == 0o600, "\(suffix)") }
        #expect(mode(of: folder.file("state")) == 0o700)
    }

    @Test("A folder with other things in it is left as it is")
    func shared() throws {
        mkdir(folder.file("shared"), 0o755)
        chmod(folder.file("shared"), 0o755)
        try PrivateFile.replace(folder.file("shared/theirs"), with: [1])
        let journal = try SQLiteJournal(at: .file(folder.file("shared/x.db")))
        try journal.turn { try $0.insert(newRun("r")) }
        #expect(mode(of: folder.file("shared")) == 0o755)
        #expect(mode(of: folder.file("shared/x.db")) == 0o600)
    }
}
