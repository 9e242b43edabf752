import JSON
import Testing

@Suite("What happened can be read back")
struct HistoryTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize()
    }

    private func list(_ params: JSONValue) throws -> [String] {
        try client.call("run/list", params)["runs"]?.array?.compactMap { $0["runId"]?.string } ?? []
    }

    @Test("run/list is newest first, and each filter leaves out what does not fit")
    func filters() throws {
        try client.call("run/create", created("a", Documents.wait, ["labels": ["team": "red", "urgent": true]]))
        try client.call("run/create", started("b", Documents.wait, ["labels": ["team": "red"]]))
        try client.call("run/pause", ["runId": "b"])
        try client.call("run/create", started("c", Documents.set, ["labels": ["team": "blue"]]))
        try client.call("run/create", started("d", Documents.fail))
        try client.call("run/create", started("e", Documents.approval))
        let cases: [(JSONObject, [String])] = [
            ([:], ["e", "d", "c", "b", "a"]),
            (["status": ["pending"]], ["a"]),
            (["status": ["completed", "failed"]], ["d", "c"]),
            (["status": "awaiting"], ["e"]),
            (["status": []], ["e", "d", "c", "b", "a"]),
            (["workflow": "waits"], ["b", "a"]),
            (["workflow": "unknown"], []),
            (["labels": ["team": "red"]], ["b", "a"]),
            (["labels": ["team": "red", "urgent": true]], ["a"]),
            (["isPaused": true], ["b"]),
            (["isPaused": false], ["e", "d", "c", "a"]),
            (["status": ["in-progress"], "isPaused": true, "workflow": "waits"], ["b"]),
            (["createdBefore": "2001-01-01T00:00:00Z"], []),
            (["createdAfter": "2001-01-01T00:00:00Z"], ["e", "d", "c", "b", "a"]),
            (["createdAfter": "2999-01-01T00:00:00+02:00"], []),
        ]
        for (filter, runs) in cases { #expect(try list(["filter": .object(filter)]) == runs, "\(filter)") }
    }

    @Test("Cursors give every run once, also while new ones are created")
    func cursors() throws {
        for index in 0..<7 { try client.call("run/create", created("r\(index)", Documents.wait)) }
        var seen: [String] = []
        var cursor: JSONValue = nil
        var pages = 0
        repeat {
            let page = try client.call("run/list", ["limit": 3, "cursor": cursor])
            seen += page["runs"]?.array?.compactMap { $0["runId"]?.string } ?? []
            cursor = page["nextCursor"] ?? nil
            pages += 1
            try client.call("run/create", created("new\(pages)", Documents.wait))
        } while cursor != nil && pages < 10
        #expect(seen == (0..<7).reversed().map { "r\($0)" })
        #expect(pages == 3)
    }

    @Test("Runs stay in their namespace unless all are asked for")
    func namespaces() throws {
        let other = try Client(in: folder)
        try other.initialize(["namespace": "other"])
        try client.call("run/create", started("mine", Documents.approval))
        try other.call("run/create", started("theirs", Documents.approval))
        #expect(try list([:]) == ["mine"])
        #expect(try list(["namespace": "*"]) == ["theirs", "mine"])
        #expect(try list(["namespace": "other"]) == ["theirs"])
        func questions(_ params: JSONValue) throws -> [JSONValue?] {
            try client.call("execution/interactions", params)["interactions"]?.array?.map { $0["runId"] } ?? []
        }
        #expect(try questions([:]) == ["mine"])
        #expect(try questions(["namespace": "*"]) == ["mine", "theirs"])
        #expect(try questions(["runId": "theirs"]) == ["theirs"])
    }

    @Test("run/events gives pages without a gap, whatever their size", arguments: [1, 2, 3, 100])
    func pages(limit: Int) throws {
        try client.call("run/create", started("r", Self.loop))
        _ = try client.runResult(of: "r")
        let events = try client.events(of: "r", pages: limit)
        #expect(events.count > 10)
        #expect(events.first?["type"] == "run/created")
        #expect(events.last?["type"] == "run/completed")
        let times = events.compactMap { $0["at"]?.string }
        #expect(times == times.sorted())
        let page = try client.call("run/events", ["runId": "r", "afterSeq": 0, "maxBytes": 1])
        #expect(page["events"]?.array?.isEmpty == false)
        #expect(page["oldestSeq"] == 1)
        #expect(try client.call("run/events", ["runId": "r", "afterSeq": 10_000])["events"] == [])
    }

    /// Counts to three, and decides each time.
    private static let loop = workflow(
        "loops",
        [
            "count": [
                "set": ["n": "${state.n + 1}"],
                "next": [
                    ["when": "state.n < 3", "to": "count"], ["when": "state.n == 3", "to": "done"], ["to": "END"],
                ],
            ], "done": ["set": ["done": true]],
        ], ["state": ["n": 0], "output": "${state.n}"])

    @Test("run/steps has one entry a step and iteration")
    func steps() throws {
        try client.call("run/create", started("r", Self.loop))
        #expect(try client.runResult(of: "r")["output"] == 3)
        let steps = try client.call("run/steps", ["runId": "r"])["steps"]?.array ?? []
        #expect(steps.map { $0["step"] } == ["count", "count", "count", "done"])
        #expect(steps.map { $0["iteration"] } == [1, 2, 3, 1])
        #expect(Set(steps.compactMap { $0["path"]?.string }).count == 4)
        #expect(steps.allSatisfy { $0["status"] == "completed" && $0["attempt"] == 1 })
    }

    @Test("run/steps tells the last attempt, and how a step failed")
    func failedSteps() throws {
        client.perform = nil
        let step: JSONValue = ["call": "work", "with": ["a": 1], "retry": ["attempts": 2]]
        try client.call("run/create", started("r", workflow("tries", ["try": step])))
        try client.execution().fail(code: 1, "once")
        let running = try client.execution()
        var entry = try client.call("run/steps", ["runId": "r"])["steps"]?[0]
        #expect(entry?["attempt"] == 2)
        #expect(entry?["input"] == ["a": 1])
        #expect(entry?["endedAt"] == nil)
        try running.fail(code: 2, "twice")
        _ = try client.runResult(of: "r")
        entry = try client.call("run/steps", ["runId": "r"])["steps"]?[0]
        #expect(entry?["status"] == "failed")
        #expect(entry?["error"]?["message"] == "twice")
        #expect(entry?["durationMs"]?.int != nil)
    }

    @Test("run/decisions tells from, to, condition, value and reason")
    func decisions() throws {
        try client.call("run/create", started("r", Self.loop))
        _ = try client.runResult(of: "r")
        let decisions = try client.call("run/decisions", ["runId": "r"])["decisions"]?.array ?? []
        #expect(decisions.map { $0["from"] } == ["count", "count", "count", "done"])
        #expect(decisions.map { $0["to"] } == ["count", "count", "done", "END"])
        #expect(decisions[2]["condition"] == "state.n == 3")
        #expect(decisions[2]["value"] == true)
        #expect(decisions[2]["reason"]?.string?.isEmpty == false)
    }

    @Test("run/state shows the state as it was after an event")
    func stateAt() throws {
        try client.call("run/create", started("r", Self.loop))
        _ = try client.runResult(of: "r")
        let events = try client.events(of: "r")
        var expected: JSONObject = ["n": 0]
        for event in events {
            for (name, value) in event["data"]?["set"]?.object ?? [:] { expected[name] = value }
            let state = try client.call("run/state", ["runId": "r", "atSeq": event["seq"] ?? nil])
            #expect(state["state"] == .object(expected), "after \(event)")
            #expect(state["seq"] == event["seq"])
        }
        #expect(try client.call("run/state", ["runId": "r"])["state"] == ["n": 3, "done": true])
    }

    @Test("run/logs gives pages")
    func logs() throws {
        try client.call("run/create", started("r", Documents.call, ["input": ["n": 1]]))
        let execution = try client.execution()
        for index in 0..<5 { try execution.say("step/log", ["message": .string("line \(index)")]) }
        try execution.succeed(nil)
        _ = try client.runResult(of: "r")
        let first = try client.call("run/logs", ["runId": "r", "limit": 2])
        #expect(first["entries"]?.array?.map { $0["message"] } == ["line 0", "line 1"])
        let rest = try client.call("run/logs", ["runId": "r", "afterSeq": first["nextAfterSeq"] ?? nil])
        #expect(rest["entries"]?.array?.map { $0["message"] } == ["line 2", "line 3", "line 4"])
        #expect(rest["nextAfterSeq"] == nil)
    }

    @Test("A restarted service reads the same history")
    func restart() throws {
        try client.call("run/create", started("r", Self.loop))
        _ = try client.runResult(of: "r")
        let methods = ["run/get", "run/steps", "run/decisions", "run/logs", "run/state", "run/events", "run/result"]
        let before = try methods.map { try client.call($0, ["runId": "r"]) }
        client.kill(with: 9)
        try client.waitForExit()
        let second = try Client(in: folder)
        try second.initialize()
        #expect(try methods.map { try second.call($0, ["runId": "r"]) } == before)
    }

    @Test("A deleted run is gone, with its history and its name")
    func delete() throws {
        try client.call("run/create", started("r", Documents.set))
        _ = try client.runResult(of: "r")
        try client.call("run/delete", ["runId": "r"])
        for method in ["run/get", "run/events", "run/steps"] {
            #expect(try client.kind(method, ["runId": "r"]) == "run.notFound")
        }
        #expect(try list([:]) == [])
    }
}
