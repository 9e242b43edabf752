import JSON
import Testing

@Suite("Waits and signals, over the wire")
struct SignalTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize()
    }

    private func waits(_ conditions: JSONValue, _ more: JSONObject = [:]) -> JSONValue {
        var step = more
        step["wait"] = conditions
        return workflow("waits", ["rest": .object(step)])
    }

    @discardableResult
    private func signal(_ name: String, _ payload: JSONValue? = nil, key: String? = nil) throws -> JSONValue {
        var params: JSONObject = ["runId": "r", "name": .string(name)]
        params["payload"] = payload
        params["idempotencyKey"] = key.map { .string($0) }
        return try client.call("execution/signal", .object(params))
    }

    @Test("A signal ends the wait for it, and says what it brought")
    func signalled() throws {
        try client.call("run/create", started("r", waits(["signal": "go"])))
        let run = try client.call("run/get", ["runId": "r"])
        #expect(run["status"] == "in-progress")
        #expect(run["waitingFor"]?[0]?["kind"] == "signal")
        #expect(run["waitingFor"]?[0]?["signal"] == "go")
        try signal("other")
        let handle = try signal("go", ["n": 1])
        #expect(handle["runId"] == "r")
        #expect(handle["status"] == "completed")
        let received = try client.notification("execution/signalReceived") { $0["name"] == "go" }
        #expect(received["payload"] == ["n": 1])
        #expect(
            try client.runResult(of: "r")["output"] == ["fired": "signal", "signal": "go", "payload": ["n": 1]])
        try client.checkTold(of: "r")
    }

    @Test("One that came before the wait, even to a pending run and before a crash, is kept for it")
    func early() throws {
        try client.call("run/create", created("r", waits(["signal": "go"])))
        let handle = try signal("go", "early")
        #expect(handle["status"] == "pending")
        client.kill(with: 9)
        try client.waitForExit()
        let next = try Client(in: folder)
        try next.initialize()
        try next.call("run/start", ["runId": "r"])
        #expect(try next.runResult(of: "r")["output"]?["payload"] == "early")
        try next.checkTold(of: "r")
    }

    @Test("The same key says it once; with something else it is idempotency.conflict")
    func keys() throws {
        let two = workflow(
            "two", ["one": ["wait": ["signal": "go"], "next": "two"], "two": ["wait": ["signal": "go"]]])
        try client.call("run/create", created("r", two))
        let first = try signal("go", 1, key: "k")
        let again = try signal("go", 1, key: "k")
        #expect(first["seq"] == again["seq"])
        for (name, payload) in [("go", 2), ("stop", 1)] as [(JSONValue, JSONValue)] {
            let params: JSONValue = ["runId": "r", "name": name, "payload": payload, "idempotencyKey": "k"]
            #expect(try client.kind("execution/signal", params) == "idempotency.conflict")
        }
        try client.call("run/start", ["runId": "r"])
        #expect(try client.call("run/get", ["runId": "r"])["status"] == "in-progress")
        try signal("go", 1, key: "k")
        #expect(try client.call("run/get", ["runId": "r"])["status"] == "in-progress")
        try signal("go", 2, key: "l")
        #expect(try client.runResult(of: "r")["output"]?["payload"] == 2)
        try client.checkTold(of: "r")
    }

    @Test("Each wait takes the oldest of its name")
    func queue() throws {
        let steps: JSONValue = [
            "wait": ["signal": "go"], "set": ["all": "${state.all + [result.payload]}"],
            "next": [["when": "iteration < 3", "to": "rest"], ["to": "END"]],
        ]
        let document = workflow("queue", ["rest": steps], ["state": ["all": []], "output": "${state.all}"])
        try client.call("run/create", created("r", document))
        for number in 1...4 { try signal("go", JSONValue(number)) }
        try client.call("run/start", ["runId": "r"])
        #expect(try client.runResult(of: "r")["output"] == [1, 2, 3])
    }

    @Test("Of several conditions the first wins", arguments: [("go", "signal"), ("nothing", "duration")])
    func several(name: String, fired: String) throws {
        let duration: JSONValue = fired == "duration" ? 50 : 3_600_000
        let document = waits([["durationMs": duration], ["signal": "go"], ["until": "2999-01-01T00:00:00Z"]])
        try client.call("run/create", started("r", document))
        if fired == "signal" { try signal(name) }
        #expect(try client.runResult(of: "r")["output"]?["fired"]?.string == fired)
        #expect(try client.call("run/get", ["runId": "r"])["waitingFor"] == nil)
    }

    @Test("A moment that has passed is no wait, and one that is none fails the step")
    func until() throws {
        let document = waits(["until": "${input}"])
        try client.call("run/create", started("r", document, ["input": "2001-01-01T00:00:00Z"]))
        #expect(try client.runResult(of: "r")["output"] == ["fired": "time"])
        try client.call("run/create", started("s", document, ["input": "tomorrow"]))
        #expect(try client.runResult(of: "s")["error"]?["kind"] == "wait.invalid")
    }

    @Test("A wait that takes too long fails, and may be caught")
    func timeout() throws {
        let document = workflow(
            "limited",
            [
                "rest": ["wait": ["signal": "go"], "timeoutMs": 50, "onError": "late", "next": "END"],
                "late": ["set": ["kind": "${steps.rest.error.kind}"]],
            ], ["output": "${state.kind}"])
        try client.call("run/create", started("r", document))
        #expect(try client.runResult(of: "r")["output"] == "step.timedOut")
    }

    @Test("A run that has ended takes no signal; what is no signal is refused with a pointer")
    func refused() throws {
        try client.call("run/create", started("r", Documents.set))
        #expect(try client.kind("execution/signal", ["runId": "r", "name": "go"]) == "run.invalidTransition")
        #expect(try client.kind("execution/signal", ["runId": "nobody", "name": "go"]) == "run.notFound")
        let wrong: [(JSONValue, String)] = [
            (["runId": "r"], "/name"), (["name": "go"], "/runId"), (["runId": "r", "name": 1], "/name"),
            (["runId": "r", "name": "go", "idempotencyKey": 1], "/idempotencyKey"),
        ]
        for (params, pointer) in wrong {
            #expect(try client.refusal("execution/signal", params)["data"]?["pointer"]?.string == pointer)
        }
    }

    @Test("No more than a thousand signals wait to be taken")
    func limit() throws {
        try client.call("run/create", created("r", waits(["signal": "go"])))
        let signals = (0...1000).map { number -> JSONValue in
            [
                "jsonrpc": "2.0", "id": .string("s\(number)"), "method": "execution/signal",
                "params": ["runId": "r", "name": "go", "payload": JSONValue(number)],
            ]
        }
        try client.send(together: signals)
        #expect(try client.answer(to: "s999")["result"]?["status"] == "pending")
        #expect(try client.answer(to: "s1000")["error"]?["data"]?["kind"] == "limit.exceeded")
        try client.call("run/start", ["runId": "r"])
        #expect(try client.runResult(of: "r")["output"]?["payload"] == 0)
    }
}
