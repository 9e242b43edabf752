import JSON
import Testing

@Suite("Runs that ended long ago are removed when somebody says so")
struct RetentionTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func client(_ members: JSONObject = [:], extra: [String] = []) throws -> Client {
        let client = try Client(in: folder, extra: extra)
        try client.initialize(members)
        return client
    }

    @Test("run/prune removes what ended, by status and namespace, and tells what")
    func prune() throws {
        let client = try client()
        try client.call("run/create", started("done", Documents.set))
        try client.call("run/create", started("failed", Documents.fail))
        try client.call("run/create", started("open", Documents.approval))
        let other = try self.client(["namespace": "other"])
        try other.call("run/create", started("theirs", Documents.set))
        func prune(_ params: JSONObject) throws -> [String] {
            var params = params
            params["olderThanMs"] = params["olderThanMs"] ?? 0
            let page = try client.call("run/prune", .object(params))
            return page["runs"]?.array?.compactMap { $0["runId"]?.string } ?? []
        }
        // What ended in this very millisecond is not older than it.
        while try prune(["dryRun": true]).count < 2 {}
        #expect(try prune(["olderThanMs": 3_600_000]) == [])
        #expect(try prune(["dryRun": true, "status": ["failed"]]) == ["failed"])
        while try prune(["dryRun": true, "namespace": "*"]).count < 3 {}
        #expect(try prune(["status": ["failed"]]) == ["failed"])
        #expect(try prune([:]) == ["done"])
        #expect(try client.kind("run/get", ["runId": "done"]) == "run.notFound")
        #expect(try client.call("run/get", ["runId": "open"])["status"] == "awaiting")
        #expect(try other.call("run/get", ["runId": "theirs"])["status"] == "completed")
        for (params, pointer) in [
            ([:], "/olderThanMs"), (["olderThanMs": -1], "/olderThanMs"),
            (["olderThanMs": 0, "status": ["awaiting"]], "/status/0"), (["olderThanMs": 0, "cursor": "x"], "/cursor"),
        ] as [(JSONValue, String)] {
            #expect(try client.refusal("run/prune", params)["data"]?["pointer"]?.string == pointer)
        }
    }

    @Test("The setting removes them by itself, and config/get says where it comes from", arguments: [true, false])
    func setting(isFlag: Bool) throws {
        let first = try client()
        try first.call("run/create", started("done", Documents.set))
        try first.call("run/create", started("open", Documents.approval))
        let client =
            isFlag ? try client(extra: ["--retention", "0"]) : try client(["config": ["retentionDays": 0]])
        let settings = try client.call("config/get")["settings"]?.array ?? []
        #expect(
            settings.first { $0["name"] == "retentionDays" }
                == ["name": "retentionDays", "value": 0, "layer": isFlag ? "flag" : "initialize"])
        // Within a second or so; each look is a round trip.
        let deadline = Client.now + Client.patience
        while try client.answer(to: client.request("run/get", ["runId": "done"]))["error"] == nil {
            try #require(Client.now < deadline)
        }
        #expect(try client.call("run/get", ["runId": "open"])["status"] == "awaiting")
        for days in [-1, 99_999] as [JSONValue] {
            let other = try Client(in: folder)
            let error = try other.refusal("initialize", ["config": ["retentionDays": days]])
            #expect(error["data"]?["pointer"] == "/config/retentionDays")
        }
    }

    @Test("run/events tells the oldest event there is")
    func oldest() throws {
        let client = try client()
        try client.call("run/create", started("done", Documents.set))
        #expect(try client.call("run/events", ["runId": "done", "afterSeq": 2])["oldestSeq"] == 1)
    }

    @Test("fermata prune removes them, and --dry-run only tells")
    func command() throws {
        let client = try client(["namespace": "default"])
        try client.call("run/create", started("done", Documents.set))
        client.closeInput()
        try client.waitForExit()
        #expect(try CommandLineRun(["prune"], in: folder).output == "Removed 0 runs and 0 children.\n")
        let dry = try CommandLineRun(["prune", "--older-than", "0s", "--dry-run"], in: folder)
        #expect(dry.output.contains("done") && dry.output.contains("Would remove 1 run and 0 children."))
        let removed = try CommandLineRun(["prune", "--older-than", "0s", "--json"], in: folder)
        let answer = try JSONValue(parsing: Array(removed.output.utf8))
        #expect(answer["runs"]?[0]?["runId"] == "done")
        #expect(answer["workflows"] == 1)
        #expect(try CommandLineRun(["show", "done"], in: folder).exitCode == 2)
        for words in [["--older-than", "old"], ["--status", "awaiting"]] {
            #expect(try CommandLineRun(["prune"] + words, in: folder).exitCode == 2)
        }
    }
}
