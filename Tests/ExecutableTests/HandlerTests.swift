import JSON
import Testing

@Suite("The client performs steps")
struct HandlerTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize(handlers: ["work", "other"])
    }

    private func start(_ step: JSONObject = [:], run: String = "r") throws -> Execution {
        var members: JSONObject = ["call": "work", "with": ["n": "${input}"]]
        for (name, value) in step { members[name] = value }
        try client.call("run/create", started(run, workflow("calls", ["work": .object(members)]), ["input": 7]))
        return try client.execution()
    }

    @Test("An answer that is no object fails its step, and one without an output says what is lost")
    func malformed() throws {
        let document = workflow("asks", ["ask": ["call": "work"]])
        client.strays = true
        try client.call("run/create", started("bare", document))
        try client.send(["jsonrpc": "2.0", "id": try client.execution().id, "result": "bare"])
        #expect(try client.runResult(of: "bare")["error"]?["kind"] == "handler.malformed")
        try client.call("run/create", started("typo", document))
        try client.send(["jsonrpc": "2.0", "id": try client.execution().id, "result": ["ouput": 1]])
        #expect(try client.runResult(of: "typo")["output"] == .null)
        let logs = try client.call("run/logs", ["runId": "typo"])["entries"]?.array ?? []
        #expect(logs.contains { $0["message"]?.string?.contains("\"ouput\"") == true })
    }

    @Test("step/execute has the documented members, and its output is the step's")
    func request() throws {
        let execution = try start(["timeoutMs": 60_000])
        let params = execution.params
        #expect(params["runId"] == "r")
        #expect(params["executionId"]?.string == (try client.call("run/get", ["runId": "r"])["executionId"]?.string))
        #expect(params["stepId"] == "work")
        #expect(params["path"] == "work")
        #expect(params["attempt"] == 1)
        #expect(params["idempotencyKey"]?.string?.isEmpty == false)
        #expect(params["handler"] == "work")
        #expect(params["input"] == ["n": 7])
        #expect(params["deadlineAt"]?.string?.hasSuffix("Z") == true)
        try execution.succeed(["answer": 42])
        #expect(try client.runResult(of: "r")["output"] == ["answer": 42])
    }

    @Test("A call without with gets an empty object")
    func withoutInput() throws {
        try client.call("run/create", started("r", workflow("calls", ["work": ["call": "work"]])))
        #expect(try client.execution().params["input"] == [:])
    }

    @Test("Text deltas reach the subscriber with byte offsets, and a step's end comes after its text")
    func textDeltas() throws {
        let execution = try start()
        for text in ["Grüße, ", "", "😀", " done"] { try execution.say("step/textDelta", ["text": .string(text)]) }
        try execution.succeed(nil)
        _ = try client.notification("run/completed")
        #expect(Deltas(of: "r", in: client).text(of: "work") == "Grüße, 😀 done")
        let deltas = client.transcript.filter { $0["method"] == "execution/textDelta" }
        #expect(deltas.first?["params"]?["executionId"] == execution.params["executionId"])
        let last = try #require(client.transcript.lastIndex { $0["method"] == "execution/textDelta" })
        #expect(try last < client.position { $0["method"] == "step/completed" })
    }

    @Test("A log line is journalled, told and listed")
    func logs() throws {
        let execution = try start()
        try execution.say("step/log", ["level": "warning", "message": "careful"])
        try execution.say("step/log", ["message": "plain"])
        let told = try client.notification("execution/log")
        #expect(told["message"] == "careful")
        #expect(told["level"] == "warning")
        _ = try client.notification("execution/log") { $0["message"] == "plain" && $0["level"] == "info" }
        let entries = try client.call("run/logs", ["runId": "r"])["entries"]?.array ?? []
        #expect(entries.map { $0["message"] } == ["careful", "plain"])
        #expect(entries.first?["seq"] == told["seq"])
    }

    @Test("Progress is told")
    func progress() throws {
        let execution = try start()
        try execution.say("step/progress", ["current": 3, "total": 10, "message": "third"])
        let told = try client.notification("run/progress") { $0["message"] == "third" }
        #expect(told["current"] == 3)
        #expect(told["total"] == 10)
    }

    @Test("Heartbeats keep an attempt alive, silence fails it")
    func heartbeats() throws {
        let execution = try start(["heartbeatTimeoutMs": 1500])
        let began = Client.now
        while Client.now - began < 3000 {
            try execution.say("step/heartbeat", [:])
            // Asked not for the answer but for the time it takes: a quarter of a second.
            _ = try client.call("run/result", ["runId": "r", "waitMs": 250])
        }
        #expect(try client.call("run/get", ["runId": "r"])["status"] == "in-progress")
        let failed = try client.notification("step/failed")
        #expect(failed["error"]?["kind"] == "step.timedOut")
        let cancelled = try client.next("$/cancelRequest") { $0["method"] == "$/cancelRequest" }
        #expect(cancelled["params"]?["id"] == execution.id)
    }

    @Test("An error answer fails the attempt; its code, message and kind are kept")
    func errorAnswers() throws {
        let execution = try start()
        try execution.fail(code: -1, "It broke.", data: ["kind": "mine.broke", "more": 1])
        let failed = try client.notification("step/failed")
        #expect(failed["error"]?["kind"] == "mine.broke")
        #expect(failed["error"]?["message"] == "It broke.")
        #expect(failed["error"]?["details"]?["code"] == -1)
        let result = try client.runResult(of: "r")
        #expect(result["status"] == "failed")
        #expect(result["error"]?["kind"] == "mine.broke")
        #expect(result["error"]?["step"]?.string?.contains("work") == true)
    }

    @Test("A retryable error is tried again with the same idempotency key and the next number")
    func retries() throws {
        let first = try start(["retry": ["attempts": 3]])
        try first.fail(code: 1, "once")
        let failed = try client.notification("step/failed")
        #expect(failed["willRetryAt"]?.string != nil)
        let second = try client.execution()
        #expect(second.params["attempt"] == 2)
        for name in ["idempotencyKey", "input", "handler", "path"] {
            #expect(second.params[name] == first.params[name], "\(name)")
        }
        try second.succeed("second")
        #expect(try client.runResult(of: "r")["output"] == "second")
    }

    @Test(
        "What cannot get better is not tried again",
        arguments: [(1, JSONValue.object(["retryable": false])), (-32601, JSONValue.null)])
    func noRetries(code: Int, data: JSONValue) throws {
        let execution = try start(["retry": ["attempts": 3]])
        try execution.fail(code: code, "never", data: data)
        #expect(try client.runResult(of: "r")["status"] == "failed")
        #expect(client.transcript.count { $0["method"] == "step/execute" } == 1)
    }

    @Test("A second answer is ignored, and so is one to nothing")
    func answersTwice() throws {
        let execution = try start()
        try client.send(["jsonrpc": "2.0", "id": 987_654, "result": ["output": "stray"]])
        try client.send(together: [
            ["jsonrpc": "2.0", "id": execution.id, "result": ["output": "first"]],
            ["jsonrpc": "2.0", "id": execution.id, "result": ["output": "second"]],
            ["jsonrpc": "2.0", "id": execution.id, "error": ["code": 1, "message": "third"]],
        ])
        #expect(try client.runResult(of: "r")["output"] == "first")
        #expect(try client.events(of: "r").count { $0["type"] == "step/completed" } == 1)
    }

    @Test("A cancelled run sends $/cancelRequest; the late answer is logged, not applied")
    func cancelled() throws {
        let execution = try start()
        try client.call("run/cancel", ["runId": "r"])
        let cancel = try client.next("$/cancelRequest") { $0["method"] == "$/cancelRequest" }
        #expect(cancel["params"] == ["id": execution.id])
        #expect(cancel["id"] == nil)
        try execution.succeed("late")
        let log = try client.notification("execution/log")
        #expect(log["level"] == "warning")
        let run = try client.call("run/get", ["runId": "r"])
        #expect(run["status"] == "cancelled")
        #expect(run["output"] == nil)
        let ended = try client.position { $0["method"] == "run/cancelled" }
        #expect(try client.position { $0["method"] == "$/cancelRequest" } > ended)
    }

    @Test("An attempt that takes too long is failed and called off")
    func timeout() throws {
        let execution = try start(["timeoutMs": 100])
        #expect(try client.notification("step/failed")["error"]?["kind"] == "step.timedOut")
        let cancel = try client.next("$/cancelRequest") { $0["method"] == "$/cancelRequest" }
        #expect(cancel["params"]?["id"] == execution.id)
        #expect(try client.runResult(of: "r")["error"]?["kind"] == "step.timedOut")
    }

    @Test("A handler that nobody declared is refused when the run is created")
    func handlerMissing() throws {
        let error = try client.refusal("run/create", created("r", workflow("calls", ["go": ["call": "unheard"]])))
        #expect(error["data"]?["kind"] == "step.handlerMissing")
        #expect(try client.kind("run/get", ["runId": "r"]) == "run.notFound")
    }

    @Test("No more steps than maxConcurrent are asked at once, the others follow")
    func maxConcurrent() throws {
        let client = try Client(in: folder)
        try client.initialize([
            "namespace": "few", "capabilities": ["steps": ["handlers": ["*"], "maxConcurrent": 2]],
        ])
        for index in 0..<5 { try client.call("run/create", started("c\(index)", Documents.call, ["input": ["n": 1]])) }
        var asked = 0
        for index in 0..<5 {
            let execution = try client.execution()
            _ = try client.call("health/check")
            asked = client.transcript.count { $0["method"] == "step/execute" }
            #expect(asked <= index + 2)
            try execution.succeed(nil)
        }
        #expect(asked == 5)
    }

    @Test("A step's output is checked against its schema")
    func outputSchema() throws {
        let execution = try start(["output": ["type": "string"]])
        try execution.succeed(5)
        #expect(try client.runResult(of: "r")["error"]?["kind"] == "output.invalid")
    }

    @Test("An answer without an output leaves null")
    func withoutOutput() throws {
        let execution = try start()
        try client.send(["jsonrpc": "2.0", "id": execution.id, "result": [:]])
        #expect(try client.runResult(of: "r")["output"] == .some(.null))
    }

    @Test("An answer over the limit fails the attempt, and the session goes on")
    func answerTooLarge() throws {
        let execution = try start()
        try execution.succeed(.string(String(repeating: "x", count: 17 << 20)))
        let result = try client.runResult(of: "r")
        #expect(result["status"] == "failed")
        #expect(result["error"]?["kind"] == "message.tooLarge")
    }

    @Test("What is said of an attempt that is not under way, or said wrongly, is ignored")
    func strayNotifications() throws {
        let execution = try start()
        let stray: [(String, JSONValue)] = [
            ("step/textDelta", ["runId": "nobody", "text": "a"]),
            ("step/textDelta", ["runId": "r", "attempt": 7, "text": "b"]),
            ("step/textDelta", ["runId": "r", "stepId": "other", "text": "c"]),
            ("step/textDelta", ["text": "d"]),
            ("step/textDelta", ["runId": "r", "text": 5]),
            ("step/log", ["runId": "r"]),
            ("step/progress", ["runId": "r", "current": "x"]),
            ("step/heartbeat", [1]),
        ]
        for (method, params) in stray { try client.notify(method, params) }
        try execution.say("step/textDelta", ["text": "heard"])
        try execution.succeed(nil)
        _ = try client.notification("run/completed")
        #expect(Deltas(of: "r", in: client).text(of: "work") == "heard")
        #expect(try client.call("run/logs", ["runId": "r"])["entries"] == [])
    }

    @Test("Five hundred runs of three steps, performed as they come, all end with their own output")
    func manyRuns() throws {
        client.perform = { params in
            var output = params["input"]?["list"]?.array ?? []
            output.append(params["stepId"] ?? .null)
            return .array(output)
        }
        func step(_ next: String, _ list: String) -> JSONValue {
            ["call": "work", "with": ["list": .string(list)], "next": .string(next)]
        }
        let document = workflow(
            "three",
            ["a": step("b", "${input}"), "b": step("c", "${result}"), "c": step("END", "${steps.b.result}")])
        try client.call("workflow/register", ["document": document])
        let count = 500
        try client.send(
            together: (0..<count).flatMap { index -> [JSONValue] in
                let run = "m\(index)"
                return [
                    [
                        "jsonrpc": "2.0", "id": .string("create \(run)"), "method": "run/create",
                        "params": started(run, "three", ["input": [JSONValue(index)]]),
                    ],
                    ["jsonrpc": "2.0", "id": .string(run), "method": "run/result", "params": ["runId": .string(run)]],
                ]
            })
        try client.wait(for: count, "results") { $0["result"]?["output"] != nil }
        for message in client.transcript {
            guard let output = message["result"]?["output"], let run = message["id"]?.string else { continue }
            #expect(output == [JSONValue(Int(run.dropFirst()) ?? -1), "a", "b", "c"])
        }
        #expect(client.transcript.count { $0["method"] == "step/execute" } == 3 * count)
        let keys = client.transcript.compactMap { $0["params"]?["idempotencyKey"]?.string }
        #expect(Set(keys).count == 3 * count)
    }
}
