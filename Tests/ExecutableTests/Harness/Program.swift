import JSON

/// One call of a program that the client hosts: what a client's library does for a function of its user's, step by step.
final class Program {
    /// The test has ended the service, at the boundary it was told.
    struct Crash: Error {}

    /// A step failed, and the program did not expect it to.
    struct StepFailure: Error {
        let kind: String
        let message: String
    }

    let client: Client
    let id: JSONValue
    let params: JSONValue
    /// How many more of its words the program says or hears before the service is killed.
    private var wordsLeft: Int?

    init(client: Client, id: JSONValue, params: JSONValue, wordsLeft: Int? = nil) {
        self.client = client
        self.id = id
        self.params = params
        self.wordsLeft = wordsLeft
    }

    var executionID: JSONValue { params["executionId"] ?? .null }

    /// A step whose body runs here: with the attempt's number and its idempotency key.
    @discardableResult
    func step(
        _ key: String, _ members: JSONObject = [:], _ body: (Int, String) throws -> JSONValue
    ) throws -> JSONValue {
        while true {
            let begun = try result(ask("step/begin", key, members))
            if let output = begun["recorded"] { return output }
            if let failure = begun["failed"] { throw failure.asFailure }
            let (attempt, idempotencyKey) = (begun["attempt"]?.int ?? 0, begun["idempotencyKey"]?.string ?? "")
            do {
                let output = try body(attempt, idempotencyKey)
                let end = try result(ask("step/complete", key, ["output": output]))
                if let failure = end["failed"] { throw failure.asFailure }
                if end["attempt"] == nil { return output }
            } catch let failure as StepFailure {
                let error: JSONValue = ["kind": .string(failure.kind), "message": .string(failure.message)]
                let end = try result(ask("step/complete", key, ["error": error]))
                if end["attempt"] == nil { throw failure }
            }
        }
    }

    /// A step that the service performs: what it left.
    @discardableResult
    func perform(_ key: String, _ step: JSONValue) throws -> JSONValue {
        try result(ask("step/perform", key, ["step": step]))["output"] ?? .null
    }

    func end(_ output: JSONValue) throws {
        try pass()
        try client.send(["jsonrpc": "2.0", "id": id, "result": ["output": output]])
        try pass()
    }

    func fail(_ message: String, data: JSONValue? = nil) throws {
        var error: JSONObject = ["code": -32000, "message": .string(message)]
        error["data"] = data
        try client.send(["jsonrpc": "2.0", "id": id, "error": .object(error)])
    }

    /// Asks, and does not wait: the request's id.
    func ask(_ method: String, _ key: String, _ members: JSONObject = [:]) throws -> JSONValue {
        var params = members
        params["executionId"] = executionID
        params["key"] = .string(key)
        try pass()
        return try client.request(method, .object(params))
    }

    /// The answer to what was asked; an error of the protocol is thrown.
    func result(_ id: JSONValue) throws -> JSONValue {
        try pass()
        let answer = try client.answer(to: id)
        guard let result = answer["result"] else { throw Refusal(method: "a step", error: answer["error"] ?? answer) }
        try pass()
        return result
    }

    /// The error that was answered.
    func error(_ id: JSONValue) throws -> JSONValue {
        let answer = try client.answer(to: id)
        guard let error = answer["error"] else { throw Trouble("It was not refused: \(answer)") }
        return error
    }

    private func pass() throws {
        guard let left = wordsLeft else { return }
        guard left > 0 else { throw Crash() }
        wordsLeft = left - 1
    }
}

extension JSONValue {
    fileprivate var asFailure: Program.StepFailure {
        Program.StepFailure(kind: self["kind"]?.string ?? "", message: self["message"]?.string ?? "")
    }
}

extension Client {
    /// Opens a session that hosts programs.
    @discardableResult
    func hostPrograms(_ names: String..., handlers: [String] = ["*"]) throws -> JSONValue {
        try initialize([
            "capabilities": [
                "workflows": .array(names.map { .string($0) }), "commands": true,
                "steps": ["handlers": .array(handlers.map { .string($0) })],
            ]
        ])
    }

    /// The next program that the client is asked to run.
    func program(wordsLeft: Int? = nil) throws -> Program {
        let message = try next("workflow/execute") { $0["method"] == "workflow/execute" }
        return Program(
            client: self, id: message["id"] ?? .null, params: message["params"] ?? .null, wordsLeft: wordsLeft)
    }
}
