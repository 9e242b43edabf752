import JSON
import Testing

@Suite("Requests take effect in the order they arrive, and answers come in the order that was promised")
struct OrderTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test("The answer to a request that changes a run comes before any notification it caused")
    func answersFirst() throws {
        let client = try Client(in: folder)
        try client.initialize()
        let requests: [(method: String, params: JSONValue, caused: String)] = [
            ("run/create", created("r", Documents.approval), "run/created"),
            ("run/start", ["runId": "r"], "run/statusChanged"),
            ("run/pause", ["runId": "r"], "run/statusChanged"),
            ("run/resume", ["runId": "r"], "run/statusChanged"),
            ("run/cancel", ["runId": "r", "reason": "enough"], "run/cancelled"),
        ]
        var seen = 0
        for (method, params, caused) in requests {
            let id = try client.request(method, params)
            let result = try #require(try client.answer(to: id)["result"])
            _ = try client.notification(caused, of: "r") { ($0["seq"]?.int ?? 0) > seen }
            let fresh = client.journalled(of: "r").first { ($0["params"]?["seq"]?.int ?? 0) > seen }
            let answered = try client.position { $0["id"] == id && $0["method"] == nil }
            #expect(try answered < client.position { $0 == fresh }, "\(method)")
            seen = try #require(result["seq"]?.int)
        }
    }

    @Test("An answer to a question comes before what it lets happen")
    func answerOfAnswer() throws {
        let client = try Client(in: folder)
        try client.initialize()
        let run = try client.call("run/create", started("r", Documents.approval))
        let id = try client.request(
            "execution/respondApproval",
            ["executionId": run["executionId"] ?? .null, "decision": "approved", "approver": "ann"])
        _ = try client.notification("run/completed")
        let answered = try client.position { $0["id"] == id }
        #expect(try answered < client.position { $0["method"] == "execution/interactionResolved" })
    }

    @Test("Requests of one write see what those before them did")
    func pipelined() throws {
        let client = try Client(in: folder)
        try client.initialize()
        let methods = ["run/start", "run/pause", "run/resume", "run/pause", "run/cancel", "run/delete"]
        var messages: [JSONValue] = [
            ["jsonrpc": "2.0", "id": "create", "method": "run/create", "params": created("r", Documents.wait)]
        ]
        for (index, method) in methods.enumerated() {
            messages.append([
                "jsonrpc": "2.0", "id": JSONValue(100 + index), "method": .string(method), "params": ["runId": "r"],
            ])
            messages.append([
                "jsonrpc": "2.0", "id": JSONValue(200 + index), "method": "run/get", "params": ["runId": "r"],
            ])
        }
        try client.send(together: messages)
        #expect(try client.answer(to: "create")["result"]?["seq"] == 1)
        let seen = try methods.indices.map { index -> String in
            #expect(try client.answer(to: JSONValue(100 + index))["result"] != nil)
            let answer = try client.answer(to: JSONValue(200 + index))
            if let error = answer["error"] { return error["data"]?["kind"]?.string ?? "" }
            return (answer["result"]?["status"]?.string ?? "")
                + (answer["result"]?["isPaused"] == true ? ", paused" : "")
        }
        #expect(
            seen == [
                "in-progress", "in-progress, paused", "in-progress", "in-progress, paused", "cancelled", "run.notFound",
            ])
    }

    @Test("Answers overtake a run/result that waits, which comes after the end it waited for was told")
    func overtaking() throws {
        let client = try Client(in: folder)
        try client.initialize()
        try client.call("run/create", started("r", Documents.call, ["input": ["n": 1]]))
        let waiting = try client.request("run/result", ["runId": "r"])
        #expect(try client.call("health/check")["status"] == "ok")
        try client.execution().succeed("good")
        #expect(try client.answer(to: waiting)["result"] == ["runId": "r", "status": "completed", "output": "good"])
        let told = try client.position { $0["method"] == "run/completed" }
        #expect(try told < client.position { $0["id"] == waiting && $0["method"] == nil })
    }

    @Test("waitMs answers with the status the run has then")
    func waitMs() throws {
        let client = try Client(in: folder)
        try client.initialize()
        try client.call("run/create", started("r", Documents.wait))
        for wait in [0, 50] {
            let result = try client.call("run/result", ["runId": "r", "waitMs": JSONValue(wait)])
            #expect(result == ["runId": "r", "status": "in-progress"])
        }
    }

    @Test("$/cancelRequest answers what waits with -32800, and leaves everything else alone")
    func cancelRequest() throws {
        let client = try Client(in: folder)
        try client.initialize()
        try client.call("run/create", started("r", Documents.wait))
        let first = try client.request("run/result", ["runId": "r"], id: "first")
        let second = try client.request("run/result", ["runId": "r"], id: "second")
        try client.notify("$/cancelRequest", ["id": "nobody"])
        try client.notify("$/cancelRequest", ["id": first])
        #expect(try client.answer(to: first)["error"]?["code"] == -32800)
        #expect(try client.call("run/get", ["runId": "r"])["status"] == "in-progress")
        try client.call("run/cancel", ["runId": "r"])
        #expect(try client.answer(to: second)["result"]?["status"] == "cancelled")
        try client.notify("$/cancelRequest", ["id": second])
        #expect(try client.call("health/check")["status"] == "ok")
        #expect(client.transcript.count { $0["id"] == second } == 1)
    }

    @Test("A method that waits answers at once within a batch, whose answers are one array")
    func batchWithWait() throws {
        let client = try Client(in: folder)
        try client.initialize()
        let batch: JSONValue = [
            ["jsonrpc": "2.0", "id": 1001, "method": "run/create", "params": started("r", Documents.wait)],
            ["jsonrpc": "2.0", "id": 1002, "method": "run/result", "params": ["runId": "r", "waitMs": 60_000]],
            ["jsonrpc": "2.0", "method": "initialized"],
            ["jsonrpc": "2.0", "id": 1003, "method": "health/check"],
        ]
        try client.send(batch)
        let answers = try client.next("the batch's answer") { $0.array != nil }.array ?? []
        #expect(answers.count == 3)
        let result = answers.first { $0["id"] == 1002 }?["result"]
        #expect(result == ["runId": "r", "status": "in-progress"])
    }

    @Test("A client that does not want a notification does not get it")
    func optOut() throws {
        let client = try Client(in: folder)
        let unwanted = ["run/progress", "step/decided", "run/created", "step/started", "run/stateChanged"]
        try client.initialize([
            "capabilities": ["notifications": ["optOut": .array(unwanted.map { .string($0) })]]
        ])
        try client.call("run/create", started("r", Documents.set))
        _ = try client.notification("run/completed")
        #expect(client.transcript.contains { $0["method"] == "step/completed" })
        #expect(!client.transcript.contains { unwanted.contains($0["method"]?.string ?? "") })
    }

    @Test("A request that is cancelled in the same write is answered once, with -32800")
    func cancelledAtOnce() throws {
        let client = try Client(in: folder)
        try client.initialize()
        try client.call("run/create", started("r", Documents.wait))
        try client.send(together: [
            ["jsonrpc": "2.0", "id": "w", "method": "run/result", "params": ["runId": "r"]],
            ["jsonrpc": "2.0", "method": "$/cancelRequest", "params": ["id": "w"]],
            ["jsonrpc": "2.0", "method": "$/cancelRequest", "params": ["id": "w"]],
        ])
        #expect(try client.answer(to: "w")["error"]?["code"] == -32800)
        #expect(try client.call("health/check")["status"] == "ok")
        #expect(client.transcript.count { $0["id"] == "w" } == 1)
    }

    @Test("What a client answers and says takes effect before what it asks next")
    func answersOfTheClient() throws {
        let client = try Client(in: folder)
        try client.initialize()
        for run in ["answered", "cancelled"] {
            try client.call("run/create", started(run, Documents.call, ["input": ["n": 1]]))
        }
        let executions = [try client.execution(), try client.execution()]
        try client.send(together: [
            [
                "jsonrpc": "2.0", "method": "step/log",
                "params": ["runId": executions[0].params["runId"] ?? nil, "message": "said"],
            ],
            ["jsonrpc": "2.0", "id": executions[0].id, "result": ["output": "done"]],
            ["jsonrpc": "2.0", "id": "get", "method": "run/get", "params": ["runId": "answered"]],
            ["jsonrpc": "2.0", "id": "cancel", "method": "run/cancel", "params": ["runId": "answered"]],
            ["jsonrpc": "2.0", "id": "other", "method": "run/cancel", "params": ["runId": "cancelled"]],
            ["jsonrpc": "2.0", "id": executions[1].id, "result": ["output": "late"]],
            ["jsonrpc": "2.0", "id": "late", "method": "run/get", "params": ["runId": "cancelled"]],
        ])
        #expect(try client.answer(to: "get")["result"]?["output"] == "done")
        #expect(try client.answer(to: "cancel")["error"]?["data"]?["kind"] == "run.invalidTransition")
        #expect(try client.answer(to: "other")["result"]?["status"] == "cancelled")
        #expect(try client.answer(to: "late")["result"]?["output"] == nil)
        let logs = try client.call("run/logs", ["runId": "answered"])["entries"]
        #expect(logs?[0]?["message"] == "said")
    }
}
