import JSON

/// A turn that the client's model was asked for.
struct Generation {
    let client: Client
    let id: JSONValue
    let params: JSONValue

    func answer(_ result: JSONValue) throws {
        try client.send(["jsonrpc": "2.0", "id": id, "result": result])
    }

    func fail(code: Int, _ message: String, data: JSONValue? = nil) throws {
        var error: JSONObject = ["code": JSONValue(code), "message": .string(message)]
        error["data"] = data
        try client.send(["jsonrpc": "2.0", "id": id, "error": .object(error)])
    }

    func say(_ text: String, _ method: String = "model/textDelta") throws {
        var params: JSONObject = ["text": .string(text)]
        for name in ["runId", "executionId", "stepId", "attempt"] { params[name] = self.params[name] }
        try client.notify(method, .object(params))
    }
}

extension Client {
    /// The next turn that one of the client's models is asked for.
    func generation() throws -> Generation {
        let message = try next("model/generate") { $0["method"] == "model/generate" }
        return Generation(client: self, id: message["id"] ?? .null, params: message["params"] ?? .null)
    }

    /// Opens a session whose client hosts these models and handlers.
    func initialize(models: [String], handlers: [String] = [], config: JSONObject = [:]) throws {
        try initialize([
            "capabilities": [
                "models": .array(models.map { .string($0) }),
                "steps": ["handlers": .array(handlers.map { .string($0) })],
            ], "config": .object(config),
        ])
    }
}
