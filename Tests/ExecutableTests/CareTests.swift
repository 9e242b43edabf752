import Glibc
import JSON
import Testing

@Suite("A store is cared for")
struct CareTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func client(after shell: String? = nil) throws -> Client {
        let client = try Client(in: folder, after: shell)
        try client.initialize()
        return client
    }

    @Test("fermata backup copies it while an engine works on it, and the copy is a store")
    func backup() throws {
        let client = try client()
        try client.call("run/create", started("r", Documents.call, ["input": ["n": 1]]))
        let execution = try client.execution()
        let path = folder["copy.db"]
        #expect(try CommandLineRun(["backup", path], in: folder, after: "umask 0").output == path + "\n")
        #expect(mode(of: path) == 0o600)
        let again = try CommandLineRun(["backup", path], in: folder)
        #expect(again.exitCode == 5)
        #expect(again.complaints.contains("cannot be copied: There is a file \(path) already."), "\(again)")
        try execution.succeed("done")
        #expect(try client.runResult(of: "r")["status"] == "completed")
        let second = try Client(in: folder, arguments: ["--store", path])
        try second.initialize()
        try second.execution().succeed("done there")
        #expect(try second.runResult(of: "r")["output"] == "done there")
    }

    @Test("fermata doctor looks it over, while an engine works on it, and says what is wrong by its exit code")
    func doctor() throws {
        #expect(try CommandLineRun(["doctor"], in: folder).exitCode == 5)
        let client = try client()
        try client.call("run/create", started("r", Documents.approval))
        let healthy = try CommandLineRun(["doctor", "--json"], in: folder)
        #expect(healthy.exitCode == 0)
        let report = try JSONValue(parsing: Array(healthy.output.utf8))
        #expect(report["healthy"] == true)
        #expect(report["sections"]?[0]?["name"] == "Store")
        chmod(folder.store, 0o644)
        let told = try CommandLineRun(["doctor"], in: folder)
        #expect(told.exitCode == 1)
        #expect(told.output.contains("has mode 0644"), "\(told)")
        #expect(try CommandLineRun(["doctor", "--repair"], in: folder).exitCode == 0)
        #expect(mode(of: folder.store) == 0o600)
        #expect(try client.call("run/get", ["runId": "r"])["status"] == "awaiting")
    }

    @Test("A damaged leaf page costs the runs that are on it, and no other")
    func damagedLeaf() throws {
        let filler = String(repeating: "x", count: 3000)
        let runs = (0..<20).map { "r\($0)" }
        let first = try client()
        for run in runs {
            try first.call(
                "run/create", started(run, Documents.approval, ["input": .string("needle-\(run)-\(filler)")]))
        }
        first.closeInput()
        try first.waitForExit()
        let hit = try destroyLeaf(holding: "needle-r7-")

        let client = try self.client()
        let listed = try client.call("run/list", ["limit": 100])["runs"]?.array ?? []
        #expect(listed.count == runs.count)
        var lost: Set<String> = []
        for run in runs {
            let answer = try client.answer(to: client.request("run/get", ["runId": .string(run)]))
            guard let error = answer["error"] else { continue }
            #expect(error["data"]?["kind"] == "store.corrupt")
            lost.insert(run)
        }
        #expect(lost.contains("r7"))
        #expect(lost.isSubset(of: hit), "\(lost) of \(hit)")
        #expect(
            Set(listed.filter { $0["error"]?["kind"] == "store.corrupt" }.compactMap { $0["runId"]?.string }) == lost)
        for question in try client.call("execution/interactions")["interactions"]?.array ?? [] {
            guard let run = question["runId"]?.string, !lost.contains(run) else { continue }
            try client.decide(question)
            #expect(try client.runResult(of: run)["status"] == "completed")
        }
        try client.call("run/create", started("new", Documents.set))
        #expect(try client.runResult(of: "new")["status"] == "completed")
        client.closeInput()
        #expect(try client.waitForExit() == .code(0))
        let told = try CommandLineRun(["doctor"], in: folder)
        #expect(told.exitCode == 1)
        #expect(told.output.contains("The journal of the run r7 cannot be read"), "\(told)")
    }

    /// Writes garbage over the leaf page of a table that holds the text: the runs whose events were on it.
    private func destroyLeaf(holding text: String) throws -> Set<String> {
        let descriptor = open(folder.store, O_RDWR | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var header = [UInt8](repeating: 0, count: 18)
        #expect(pread(descriptor, &header, header.count, 0) == header.count)
        var page = [UInt8](repeating: 0, count: Int(header[16]) << 8 | Int(header[17]))
        var place = 0
        while pread(descriptor, &page, page.count, place) == page.count {
            if page[0] == 0x0D, page.firstRange(of: Array(text.utf8)) != nil {
                let garbage = [UInt8](repeating: 0xA5, count: page.count)
                #expect(pwrite(descriptor, garbage, garbage.count, place) == garbage.count)
                let runs = (0..<20).map { "r\($0)" }
                // An event of another run may have its beginning there, without the text.
                return Set(runs.filter { run in abs(Int(run.dropFirst())! - 7) <= 2 })
            }
            place += page.count
        }
        throw Trouble("no page holds \(text)")
    }

    @Test("A store on a disk that cannot be written is read, and changes are refused with advice")
    func readOnly() throws {
        let first = try client()
        try first.call("run/create", started("done", Documents.set))
        try first.call("run/create", started("asks", Documents.approval))
        try first.call("run/create", started("waits", workflow("w", ["w": ["wait": ["durationMs": 1]]])))
        _ = try first.runResult(of: "waits")
        try first.call("run/create", started("due", workflow("due", ["w": ["wait": ["durationMs": 300]]])))
        first.kill(with: SIGKILL)
        try first.waitForExit()
        let disk = try Disk(
            in: folder,
            "mount --bind '\(folder["store"])' '\(folder["store"])' && mount -o remount,ro,bind '\(folder["store"])'"
        )
        defer { withExtendedLifetime(disk) {} }

        let client = try Client(in: folder)
        try client.send(together: [
            ["jsonrpc": "2.0", "id": 1, "method": "initialize", "params": ["clientInfo": ["name": "wire-tests"]]],
            ["jsonrpc": "2.0", "method": "initialized"],
            ["jsonrpc": "2.0", "id": 2, "method": "run/list"],
        ])
        #expect(try client.answer(to: 1)["result"] != nil)
        #expect(try client.answer(to: 2)["result"]?["runs"]?.array?.count == 4)
        // Its time has come, and nobody can write that down.
        #expect(try client.call("run/result", ["runId": "due", "waitMs": 400])["status"] == "in-progress")
        for method in ["run/get", "run/events", "run/steps", "run/decisions", "run/logs", "run/state", "run/export"] {
            try client.call(method, ["runId": "asks"])
        }
        let question = try #require(try client.call("execution/interactions")["interactions"]?[0])
        for (method, params) in [
            ("run/create", created("new", Documents.set)), ("run/cancel", ["runId": "asks"]),
            ("run/delete", ["runId": "done"]), ("workflow/register", ["document": Documents.set]),
            (
                "execution/respondApproval",
                ["interactionId": question["interactionId"] ?? .null, "decision": "approved", "approver": "ann"]
            ),
        ] as [(String, JSONValue)] {
            let error = try client.refusal(method, params)
            #expect(error["data"]?["kind"] == "store.unavailable", "\(method)")
            #expect(error["data"]?["hint"]?.string?.isEmpty == false)
            #expect(error["message"]?.string?.contains("may be read and not written") == true, "\(error)")
        }
        #expect(try client.call("run/get", ["runId": "asks"])["status"] == "awaiting")
        #expect(try CommandLineRun(["list", "--all"], in: folder).exitCode == 0)
        #expect(try CommandLineRun(["show", "done"], in: folder).exitCode == 0)
        client.closeInput()
        #expect(try client.waitForExit() == .code(0))
    }

    @Test("A full disk loses nothing that was answered, and its runs go on when there is room again")
    func fullDisk() throws {
        mkdir(folder["store"], 0o700)
        let disk = try Disk(in: folder, "mount -t tmpfs -o size=2m,mode=700 none '\(folder["store"])'")
        defer { withExtendedLifetime(disk) {} }
        let client = try client()
        try client.call(
            "run/create",
            started(
                "held",
                workflow(
                    "two",
                    [
                        "a": ["call": "work", "next": "b"], "b": ["call": "work"],
                    ])))
        let execution = try client.execution(of: "a")
        try folder.write(String(repeating: "x", count: 1 << 20), to: "store/ballast")
        let great = JSONValue.string(String(repeating: "great ", count: 10_000))
        var answered: [String] = []
        while true {
            let id = "r\(answered.count)"
            let answer = try client.answer(
                to: client.request("run/create", started(id, Documents.set, ["input": great])))
            guard let error = answer["error"] else {
                answered.append(id)
                try #require(answered.count < 100, "The disk never filled.")
                continue
            }
            #expect(error["data"]?["kind"] == "store.unavailable")
            break
        }
        // Its outcome cannot be kept yet, and is not lost.
        try execution.succeed(great)
        // Now and then a turn tries to keep it; what is asked between is answered.
        let first = JSONValue.string(answered[0])
        while try client.answer(to: client.request("run/get", ["runId": first]))["result"]?["status"] != "completed" {}
        unlink(folder["store/ballast"])
        try client.execution(of: "b").succeed("done")
        #expect(try client.runResult(of: "held")["output"] == "done")
        #expect(client.performed == ["a", "b"])
        for id in answered { #expect(try client.runResult(of: id)["status"] == "completed") }
        #expect(try CommandLineRun(["doctor"], in: folder).exitCode == 0)
        client.closeInput()
        #expect(try client.waitForExit() == .code(0))
    }
}

/// Something mounted at the test folder's store, taken away again at the end.
private final class Disk {
    private let folder: Folder

    /// The test is cancelled where this system lets nobody mount.
    init(in folder: Folder, _ command: String) throws {
        self.folder = folder
        guard system("(\(command)) 2>/dev/null") == 0 else {
            try Test.cancel("Nothing can be mounted here.")
        }
    }

    deinit { _ = system("umount -l '\(folder["store"])'") }
}

/// Runs a shell command: its exit code.
private func system(_ command: String) -> Int32 { Glibc.system(command) }
