import JSON
import Testing

/// An answer that is an error, where a result was wanted.
struct Refusal: Error, CustomStringConvertible {
    let method: String
    let error: JSONValue

    var description: String { "\(method) was refused: \(error)" }
}

extension Client {
    /// Opens the session, and says so. Members given beat the usual ones.
    @discardableResult
    func initialize(_ members: JSONObject = [:], handlers: [String] = ["*"], commands: Bool = false) throws -> JSONValue
    {
        var params: JSONObject = [
            "clientInfo": ["name": "wire-tests", "version": "1"],
            "capabilities": [
                "steps": ["handlers": .array(handlers.map { .string($0) })], "commands": .bool(commands),
            ],
        ]
        for (name, value) in members { params[name] = value }
        let result = try call("initialize", .object(params))
        try notify("initialized")
        return result
    }

    /// Sends a request: its id.
    @discardableResult
    func request(_ method: String, _ params: JSONValue? = nil, id: JSONValue? = nil) throws -> JSONValue {
        let id = id ?? JSONValue(makeID())
        var message: JSONObject = ["jsonrpc": "2.0", "id": id, "method": .string(method)]
        message["params"] = params
        try send(.object(message))
        return id
    }

    func notify(_ method: String, _ params: JSONValue? = nil) throws {
        var message: JSONObject = ["jsonrpc": "2.0", "method": .string(method)]
        message["params"] = params
        try send(.object(message))
    }

    func send(_ message: JSONValue) throws { try send(raw: frame(message)) }

    /// Messages in one write.
    func send(together messages: [JSONValue]) throws { try send(raw: messages.flatMap(frame)) }

    /// The answer to the request with this id, error or result.
    func answer(to id: JSONValue) throws -> JSONValue {
        try next("the answer to \(id)") { $0["id"] == id && $0["method"] == nil }
    }

    /// Asks, and gives the result.
    @discardableResult
    func call(_ method: String, _ params: JSONValue? = nil) throws -> JSONValue {
        let answer = try answer(to: request(method, params))
        guard let result = answer["result"] else { throw Refusal(method: method, error: answer["error"] ?? answer) }
        return result
    }

    /// Asks, and gives the error.
    func refusal(_ method: String, _ params: JSONValue? = nil) throws -> JSONValue {
        let answer = try answer(to: request(method, params))
        return try #require(answer["error"], "\(method) was not refused: \(answer)")
    }

    /// The kind of the error that a request is refused with.
    func kind(_ method: String, _ params: JSONValue? = nil) throws -> String? {
        try refusal(method, params)["data"]?["kind"]?.string
    }

    /// The params of the next notification with this method, of this run where one is named.
    func notification(_ method: String, of run: String? = nil, where fits: (JSONValue) -> Bool = { _ in true }) throws
        -> JSONValue
    {
        let message = try next(method) { message in
            guard message["method"]?.string == method, message["id"] == nil, let params = message["params"] else {
                return false
            }
            return (run == nil || params["runId"]?.string == run) && fits(params)
        }
        return message["params"] ?? .null
    }

    /// The next step the client is asked to perform.
    func execution(of step: String? = nil) throws -> Execution {
        let message = try next("step/execute") { message in
            message["method"] == "step/execute" && (step == nil || message["params"]?["stepId"]?.string == step)
        }
        return Execution(client: self, id: message["id"] ?? .null, params: message["params"] ?? .null)
    }

    /// The next request to perform the step at this path, of this run where one is named.
    func execution(at path: String, of run: String? = nil) throws -> Execution {
        let message = try next("step/execute at \(path)") { message in
            guard message["method"] == "step/execute", message["params"]?["path"]?.string == path else { return false }
            return run == nil || message["params"]?["runId"]?.string == run
        }
        return Execution(client: self, id: message["id"] ?? .null, params: message["params"] ?? .null)
    }

    /// The paths that the client was asked to perform, in that order.
    var performed: [String] {
        transcript.compactMap { $0["method"] == "step/execute" ? $0["params"]?["path"]?.string : nil }
    }

    func decide(_ question: JSONValue, _ decision: String = "approved", by approver: String = "ann") throws {
        try call(
            "execution/respondApproval",
            [
                "interactionId": question["interactionId"] ?? .null, "decision": .string(decision),
                "approver": .string(approver),
            ])
    }

    /// The entries of `run/steps` by their paths.
    func steps(of run: String) throws -> [String: JSONValue] {
        let entries = try call("run/steps", ["runId": .string(run)])["steps"]?.array ?? []
        return Dictionary(entries.map { ($0["path"]?.string ?? "", $0) }, uniquingKeysWith: { $1 })
    }

    /// Which way a run went, as `path → step`.
    func decisions(of run: String) throws -> [String] {
        let entries = try call("run/decisions", ["runId": .string(run)])["decisions"]?.array ?? []
        return entries.map { "\($0["path"]?.string ?? "") → \($0["to"]?.string ?? "")" }
    }

    /// A run that ended was told event by event from the first one, and its journal says the same.
    func checkTold(of run: String) throws {
        let events = try events(of: run)
        let told = journalled(of: run)
        #expect(told.map { $0["params"]?["seq"]?.int } == Array(1...events.count))
        #expect(told.map { $0["method"] } == events.map { $0["type"] })
    }

    /// Where in the transcript the first message that fits stands.
    func position(where fits: (JSONValue) -> Bool) throws -> Int {
        guard let index = transcript.firstIndex(where: fits) else { throw trouble("no such message was said") }
        return index
    }

    func runResult(of run: String) throws -> JSONValue { try call("run/result", ["runId": .string(run)]) }

    /// All events of a run, page by page as `run/events` gives them, checked to have no gap.
    func events(of run: String, pages limit: Int = 7) throws -> [JSONValue] {
        var events: [JSONValue] = []
        var after = 0
        while true {
            let page = try call(
                "run/events", ["runId": .string(run), "afterSeq": JSONValue(after), "limit": JSONValue(limit)])
            events += page["events"]?.array ?? []
            guard let next = page["nextAfterSeq"]?.int else {
                #expect(page["lastSeq"]?.int == events.count)
                #expect(events.enumerated().allSatisfy { $1["seq"]?.int == $0 + 1 }, "The events have a gap.")
                return events
            }
            #expect(next == events.last?["seq"]?.int)
            after = next
        }
    }

    /// What was told of a run with a number of its own, in the order it came.
    func journalled(of run: String) -> [JSONValue] {
        let derived = [
            "run/stateChanged", "run/progress", "step/decided", "execution/textDelta", "execution/thinkingDelta",
        ]
        return transcript.filter { message in
            guard let method = message["method"]?.string, message["id"] == nil, !derived.contains(method) else {
                return false
            }
            return message["params"]?["runId"]?.string == run && message["params"]?["seq"] != nil
        }
    }
}

/// A step that the client was asked to perform.
struct Execution {
    let client: Client
    let id: JSONValue
    let params: JSONValue

    func succeed(_ output: JSONValue) throws {
        try client.send(["jsonrpc": "2.0", "id": id, "result": ["output": output]])
    }

    func fail(code: Int, _ message: String, data: JSONValue? = nil) throws {
        var error: JSONObject = ["code": JSONValue(code), "message": .string(message)]
        error["data"] = data
        try client.send(["jsonrpc": "2.0", "id": id, "error": .object(error)])
    }

    /// Says something of this attempt while it runs.
    func say(_ method: String, _ members: JSONObject) throws {
        var params = members
        for name in ["runId", "executionId", "stepId", "attempt"] { params[name] = self.params[name] }
        try client.notify(method, .object(params))
    }
}
