import FermataKit
import Glibc
import Testing

@Suite("Commits")
struct CommitTests {
    @Test(
        "Three steps of a workflow are four commits: the first begins with the run, and each other one with the end of the one before it"
    )
    func threeSteps() async throws {
        let store = try WatchedStore()
        let fermata = Fermata(store: .file(store.path))
        let workflow = Scripted { context in
            let first = try await context.step("a") { 1 }
            let second = try await context.step("b") { first + 1 }
            return try await context.step("c") { second + 1 }
        }
        #expect(try await workflow.run("", on: fermata).start().result == 3)
        // A step that is long in coming is not waited for: on a busy machine the end of the one before it may be a commit of its own.
        var fewest = Int.max
        for _ in 0..<10 {
            let before = store.commits
            #expect(try await workflow.run("", on: fermata).start().result == 3)
            fewest = min(fewest, store.commits - before)
        }
        #expect(fewest == 4)
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

    /// As SQLite's log has them: its header says how long a page is, and the frame of a page that ends a commit how long the
    /// database is then, where others say 0.
    var commits: Int {
        let (header, frameHeader) = (32, 24)
        let log = Process.bytes(path + "-wal")
        let page = log[8..<12].reduce(0) { $0 << 8 | Int($1) }
        let frames = stride(from: header, to: log.count, by: frameHeader + page)
        return frames.count { frame in log[(frame + 4)..<(frame + 8)].contains { $0 != 0 } }
    }
}
