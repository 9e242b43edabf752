import FermataKit
import Glibc
import Testing

@Suite("Commits")
struct CommitTests {
    @Test("Three steps of a workflow are five commits: the end of one and the beginning of the next are one")
    func threeSteps() async throws {
        let store = try WatchedStore()
        let fermata = Fermata(store: .file(store.path))
        let workflow = Scripted { context in
            let first = try await context.step("a") { 1 }
            let second = try await context.step("b") { first + 1 }
            return try await context.step("c") { second + 1 }
        }
        #expect(try await workflow.run("", on: fermata).start().result == 3)
        let before = store.commits
        #expect(try await workflow.run("", on: fermata).start().result == 3)
        #expect(store.commits - before == 5)
        await fermata.close()
    }
}

/// A store in a folder of its own, whose commits can be counted.
private final class WatchedStore {
    let path: String
    private let folder: String

    init() throws {
        var template = Array("/tmp/fermata-kit-XXXXXX".utf8CString)
        folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        path = folder + "/runs.db"
    }

    deinit {
        _ = try? Process.run("/bin/rm", ["-rf", folder], into: "/dev/null")
    }

    /// As SQLite's log has them: the frame of a page that ends a commit says how long the database is then, others say 0.
    var commits: Int {
        let (header, frameHeader, page) = (32, 24, 4096)
        let log = Process.bytes(path + "-wal")
        let frames = stride(from: header, to: log.count, by: frameHeader + page)
        return frames.count { frame in log[(frame + 4)..<(frame + 8)].contains { $0 != 0 } }
    }
}
