import Glibc
import SQLiteStore
import Testing
import WorkflowStore

@Suite("An engine's sign of life")
struct EngineLockTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.file("x.db") }

    private func announced(_ id: String) throws -> EngineLock {
        let lock = EngineLock(path: path, engineID: id)
        try lock.announce()
        return lock
    }

    @Test("is seen by others and by itself while it lasts, and leaves nothing behind")
    func orderly() throws {
        let watching = try announced("watching")
        do {
            let other = try announced("other")
            #expect(watching.isAlive("other"))
            #expect(other.isAlive("watching"))
            #expect(watching.isAlive("watching"))
            #expect(mode(of: path + "-engines") == 0o700)
            #expect(mode(of: path + "-engines/other") == 0o600)
        }
        #expect(!watching.isAlive("other"))
        #expect(mode(of: path + "-engines/other") == nil)
        #expect(watching.isAlive("watching"))
    }

    @Test("ends with a killed process, and who looks next clears it away")
    func killed() async throws {
        let path = path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let lock = EngineLock(path: path, engineID: "victim")
            try lock.announce()
            kill(getpid(), lock.isAlive("victim") ? SIGKILL : SIGTERM)
        }
        #expect(mode(of: path + "-engines/victim") != nil)
        let next = try announced("next")
        #expect(mode(of: path + "-engines/victim") == nil)
        #expect(!next.isAlive("victim"))
    }

    @Test("is not looked for outside its folder", arguments: ["", ".", "..", "../x.db", "/etc/passwd", "a\u{0}b"])
    func strange(id: String) throws {
        let lock = try announced("watching")
        #expect(!lock.isAlive(id))
    }

    @Test("is not given before it is asked for, and asking again changes nothing")
    func lazily() throws {
        let lock = EngineLock(path: path, engineID: "quiet")
        #expect(!lock.isAlive("quiet"))
        #expect(mode(of: path + "-engines") == nil)
        try lock.announce()
        try lock.announce()
        #expect(lock.isAlive("quiet"))
    }

    @Test("counts from the last touch that was seen, and again from the next one")
    func touches() throws {
        let watching = try announced("watching")
        let other = try announced("other")
        let first = try #require(watching.vitality(of: "other"))
        let second = try #require(watching.vitality(of: "other"))
        #expect(second < first)
        try other.announce()
        #expect(try #require(watching.vitality(of: "other")) == first)
    }

    @Test("is taken once")
    func taken() throws {
        let first = try announced("same")
        #expect(throws: StoreError.self) { try announced("same") }
        #expect(first.isAlive("same"))
    }
}
