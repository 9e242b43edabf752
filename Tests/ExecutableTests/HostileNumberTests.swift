import JSON
import Testing

@Suite("No number is too great, too small or too fractional to be survived")
struct HostileNumberTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize()
    }

    static let numbers = [
        "9223372036854775807", "-9223372036854775808", "9223372036854775808", "-1", "0", "1.5", "1e308", "1e400",
        "1e-400", "-0", "9007199254740993", "123456789012345678901234567890", "9e18", "4611686018427387904",
        "253402300800000", "1000000000000",
    ]

    private func number(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

    /// Asks, whatever the answer: it must be one.
    private func ask(_ method: String, _ params: JSONValue) throws -> JSONValue {
        let answer = try client.answer(to: client.request(method, params))
        #expect((answer["result"] == nil) != (answer["error"] == nil))
        return answer
    }

    @Test("In the members of requests", arguments: numbers)
    func members(text: String) throws {
        let number = try number(text)
        client.strays = true
        try client.call("run/create", started("ended", Documents.set))
        try client.call("run/create", started("open", Documents.approval))
        for name in ["afterSeq", "limit", "maxBytes"] {
            _ = try ask("run/events", JSONValue.object(["runId": "ended"]).replacing(name, with: number))
            _ = try ask("run/logs", JSONValue.object(["runId": "ended"]).replacing(name, with: number))
        }
        _ = try ask("run/subscribe", ["runId": "ended", "afterSeq": number])
        _ = try ask("run/state", ["runId": "ended", "atSeq": number])
        _ = try ask("run/list", ["limit": number])
        _ = try ask("run/list", ["cursor": .string(text)])
        _ = try ask("run/pause", ["runId": "open", "expectedSeq": number])
        _ = try ask("run/result", ["runId": "ended", "waitMs": number])
        let waiting = try client.request("run/result", ["runId": "open", "waitMs": number])
        _ = try ask("run/cancel", ["runId": "open"])
        _ = try client.answer(to: waiting)
        #expect(try client.call("health/check")["status"] == "ok")
    }

    @Test("In documents and options", arguments: numbers)
    func documents(text: String) throws {
        let number = try number(text)
        let steps: [JSONValue] = [
            ["wait": ["durationMs": number]],
            ["call": "work", "timeoutMs": number],
            ["call": "work", "heartbeatTimeoutMs": number],
            ["call": "work", "retry": ["attempts": number, "delayMs": number, "backoff": "exponential"]],
            ["call": "work", "retry": ["attempts": 90, "delayMs": number, "backoff": "linear", "maxDelayMs": number]],
            ["approval": ["message": "?", "expiresAfterMs": number]],
            ["approval": ["message": "?", "required": number]],
            ["input": ["prompt": "?", "expiresAfterMs": number, "default": number]],
            ["input": ["prompt": "?", "schema": ["minimum": number, "multipleOf": number, "maxLength": number]]],
            ["set": ["n": number, "m": "${state.n}"]],
            ["set": ["sum": "${input + 1}", "negative": "${-input}", "product": "${input * input}"]],
        ]
        for (index, step) in steps.enumerated() {
            let params = started("r\(index)", workflow("w", ["one": step], ["state": ["n": number]]), ["input": number])
            _ = try ask("run/create", params)
            _ = try ask("run/get", ["runId": .string("r\(index)")])
        }
        let options: [JSONValue] = [
            ["timeout": ["ms": number]], ["timeout": ["ms": number, "clock": "wall"]],
            ["approvals": ["expiresAfterMs": number, "required": number]],
        ]
        for (index, options) in options.enumerated() {
            _ = try ask("run/create", started("o\(index)", Documents.approval, ["options": options]))
        }
        for execution in client.transcript where execution["method"] == "step/execute" {
            try client.send([
                "jsonrpc": "2.0", "id": execution["id"] ?? nil, "error": ["code": number, "message": "no"],
            ])
        }
        #expect(try client.call("health/check")["status"] == "ok")
        client.kill(with: 9)
        try client.waitForExit()
        let second = try Client(in: folder)
        try second.initialize()
        let runs = try second.call("run/list", ["limit": 1000])["runs"]?.array ?? []
        for run in runs { _ = try second.call("run/events", ["runId": run["runId"] ?? nil]) }
    }

    @Test("In what a handler says", arguments: numbers)
    func handlers(text: String) throws {
        let number = try number(text)
        try client.call("run/create", started("r", Documents.call, ["input": ["n": number]]))
        let execution = try client.execution()
        #expect(execution.params["input"]?["n"]?.number?.text == text)
        try execution.say("step/progress", ["current": number, "total": number])
        try client.notify("step/log", ["runId": "r", "attempt": number, "message": "m"])
        try client.notify("$/cancelRequest", ["id": number])
        try execution.succeed(number)
        #expect(try client.runResult(of: "r")["output"]?.number?.text == text)
    }

    @Test("In initialize", arguments: numbers)
    func initialize(text: String) throws {
        let number = try number(text)
        let other = try Client(in: folder)
        for params in [
            ["capabilities": ["steps": ["maxConcurrent": number]]], ["protocolVersion": number],
            ["clientInfo": ["name": number]],
        ] as [JSONValue] { _ = try other.answer(to: other.request("initialize", params)) }
        let answer = try other.answer(to: other.request("health/check"))
        #expect(answer["result"] != nil || answer["error"]?["code"] == -32002)
    }

    @Test("In expressions", arguments: numbers)
    func expressions(text: String) throws {
        let bindings: JSONValue = ["a": try number(text)]
        for source in ["a", "a + 1", "a - 1", "a * a", "-a", "a / 2", "a % 2", "a < 1", "a == 1.0", "string(a)", text] {
            _ = try ask("expression/evaluate", ["expression": .string(source), "bindings": bindings])
        }
    }
}
