import Glibc
import JSON
import Testing

@Suite("A store that fails loses nothing that was answered")
struct StoreFaultTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private static let great = JSONValue.string(String(repeating: "great ", count: 5000))

    /// Creates runs until one is refused, as when the disk is full: the ids that were answered, and the error.
    private func createUntilRefused(_ client: Client) throws -> (created: [String], error: JSONValue) {
        var created: [String] = []
        for index in 0..<1000 {
            let run = "r\(index)"
            let params = started(run, Documents.set, ["input": Self.great])
            let answer = try client.answer(to: client.request("run/create", params))
            if let error = answer["error"] { return (created, error) }
            created.append(run)
        }
        throw client.trouble("the disk never filled")
    }

    @Test("When a file may not grow, what cannot be kept is refused as store.unavailable, and reads go on")
    func fullDisk() throws {
        let client = try Client(in: folder, after: "trap '' XFSZ; ulimit -f 2000")
        try client.initialize()
        let (created, error) = try createUntilRefused(client)
        #expect(created.count > 3)
        #expect(error["code"] == -32000)
        #expect(error["data"]?["kind"] == "store.unavailable")
        #expect(error["data"]?["retryable"] == true)
        #expect(try client.call("run/get", ["runId": .string(created[0])])["status"] == "completed")
        #expect(try client.kind("run/get", ["runId": .string("r\(created.count)")]) == "run.notFound")
        client.closeInput()
        #expect(try client.waitForExit() == .code(0))
        let told = Set(client.transcript.compactMap { $0["params"]?["runId"]?.string })
        #expect(told == Set(created), "Nothing is told of a run that was refused.")

        let second = try Client(in: folder)
        try second.initialize()
        for run in created {
            #expect(try second.runResult(of: run)["status"] == "completed")
            _ = try second.events(of: run)
        }
        #expect(try second.call("run/list", ["limit": 1000])["runs"]?.array?.count == created.count)
        let again = started("r\(created.count)", Documents.set, ["input": Self.great])
        #expect(try second.call("run/create", again)["runId"]?.string == "r\(created.count)")
    }

    @Test("An outcome that cannot be kept is kept by the next engine's attempt")
    func fullDiskUnderWay() throws {
        let client = try Client(in: folder, after: "trap '' XFSZ; ulimit -f 2000")
        try client.initialize()
        try client.call("run/create", started("under-way", Documents.call, ["input": ["n": 1]]))
        let execution = try client.execution()
        _ = try createUntilRefused(client)
        try execution.succeed(Self.great)
        // Asked several times, for the outcome is tried again: it is either refused or not yet there, and never told.
        for _ in 1...5 {
            let answer = try client.answer(to: client.request("run/result", ["runId": "under-way", "waitMs": 100]))
            let isRefused = answer["error"]?["data"]?["kind"] == "store.unavailable"
            #expect(isRefused || answer["result"]?["status"] == "in-progress", "\(answer)")
        }
        #expect(
            !client.transcript.contains { $0["method"] == "step/completed" && $0["params"]?["runId"] == "under-way" })
        client.kill(with: SIGKILL)
        try client.waitForExit()
        let second = try Client(in: folder)
        try second.initialize()
        let again = try second.execution()
        #expect(again.params["attempt"] == 2)
        #expect(again.params["idempotencyKey"] == execution.params["idempotencyKey"])
        try again.succeed("kept")
        #expect(try second.runResult(of: "under-way")["output"] == "kept")
        _ = try second.events(of: "under-way")
    }

    @Test("A damaged page is told as store.corrupt, the rest is still served", arguments: [2, 5, 9, 14, 20])
    func damagedPage(page: Int) throws {
        let client = try Client(in: folder)
        try client.initialize()
        let runs = (0..<30).map { "r\($0)" }
        for run in runs { try client.call("run/create", started(run, Documents.set, ["input": Self.great])) }
        try client.call("shutdown")
        try client.notify("exit")
        #expect(try client.waitForExit() == .code(0))
        let descriptor = open(folder.store, O_WRONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        let garbage = [UInt8](repeating: 0xA5, count: 4096)
        #expect(pwrite(descriptor, garbage, garbage.count, page * 4096) == garbage.count)
        close(descriptor)

        let second = try Client(in: folder)
        let opened = try second.answer(to: second.request("initialize", ["clientInfo": ["name": "wire-tests"]]))
        let known = ["store.corrupt", "store.unavailable", "run.notFound"]
        if let error = opened["error"] {
            #expect(known.contains(error["data"]?["kind"]?.string ?? ""))
        } else {
            for run in runs {
                for method in ["run/get", "run/events", "run/steps"] {
                    let answer = try second.answer(to: second.request(method, ["runId": .string(run)]))
                    guard let error = answer["error"] else { continue }
                    #expect(known.contains(error["data"]?["kind"]?.string ?? ""), "\(error)")
                }
            }
            _ = try second.answer(to: second.request("run/list"))
        }
        second.closeInput()
        #expect(try second.waitForExit() == .code(0))
    }
}
