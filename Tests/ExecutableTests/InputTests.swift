import JSON
import Testing

@Suite("Inputs, over the wire")
struct InputTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize()
    }

    private func ask(_ members: JSONObject = [:]) throws -> (execution: JSONValue, question: JSONValue) {
        var input: JSONObject = ["prompt": "How many?", "schema": ["type": "integer", "minimum": 1]]
        for (name, value) in members { input[name] = value }
        let handle = try client.call("run/create", started("r", workflow("reads", ["read": ["input": .object(input)]])))
        return (handle["executionId"] ?? .null, try client.notification("execution/inputRequested"))
    }

    @Test("An answer that fits is what the step leaves")
    func right() throws {
        let (_, question) = try ask()
        #expect(question["prompt"] == "How many?")
        #expect(question["schema"] == ["type": "integer", "minimum": 1])
        #expect(try client.call("run/get", ["runId": "r"])["status"] == "awaiting")
        let answer = try client.call(
            "execution/respondInput", ["interactionId": question["interactionId"] ?? .null, "value": 3, "by": "ann"])
        #expect(answer["resolved"] == true)
        #expect(try client.notification("execution/interactionResolved")["by"] == "ann")
        #expect(try client.runResult(of: "r")["output"] == 3)
        #expect(
            try client.kind(
                "execution/respondInput", ["interactionId": question["interactionId"] ?? .null, "value": 4])
                == "interaction.alreadyResolved")
    }

    @Test(
        "An answer that does not fit is refused with where and why, and the question stays",
        arguments: [0, "three", nil, 1.5] as [JSONValue])
    func wrong(value: JSONValue) throws {
        let (execution, question) = try ask()
        let error = try client.refusal(
            "execution/respondInput", ["interactionId": question["interactionId"] ?? .null, "value": value])
        #expect(error["code"] == -32000)
        #expect(error["data"]?["kind"] == "input.invalid")
        #expect(error["data"]?["pointer"] == "/value")
        #expect(try client.call("execution/interactions", ["runId": "r"])["interactions"]?.array?.count == 1)
        try client.call("execution/respondInput", ["executionId": execution, "value": 1])
        #expect(try client.runResult(of: "r")["output"] == 1)
    }

    @Test("An input that nobody gave fails, late answers are interaction.expired")
    func late() throws {
        let (_, question) = try ask(["expiresAfterMs": 80])
        #expect(try client.runResult(of: "r")["error"]?["kind"] == "input.expired")
        #expect(
            try client.kind(
                "execution/respondInput", ["interactionId": question["interactionId"] ?? .null, "value": 3])
                == "interaction.expired")
    }

    @Test("With a default, an input that nobody gave takes it")
    func fallback() throws {
        _ = try ask(["expiresAfterMs": 80, "default": 12])
        #expect(try client.runResult(of: "r")["output"] == 12)
        #expect(try client.notification("execution/interactionResolved")["status"] == "expired")
    }

    @Test("A question outlives its engine, and its expiry too")
    func restart() throws {
        let (_, question) = try ask(["expiresAfterMs": 400, "default": 5])
        client.kill(with: 9)
        try client.waitForExit()
        let second = try Client(in: folder)
        try second.initialize()
        let open = try second.call("execution/interactions")["interactions"]?.array ?? []
        #expect(open.isEmpty || open[0]["interactionId"] == question["interactionId"])
        #expect(try second.runResult(of: "r")["output"] == 5)
    }

    @Test("The run's own input is checked against the document's schema, absent as null")
    func runInput() throws {
        let document = workflow(
            "typed", ["end": ["set": [:]]],
            ["input": ["type": "object", "required": ["repo"], "properties": ["repo": ["type": "string"]]]])
        for input in [nil, [:], ["repo": 3]] as [JSONValue] {
            let error = try client.refusal("run/create", created("r", document, ["input": input]))
            #expect(error["data"]?["kind"] == "input.invalid")
            #expect(error["data"]?["pointer"]?.string?.hasPrefix("/input") == true)
            #expect(error["data"]?["errors"]?[0]?["schema"]?.string?.hasPrefix("/") == true)
        }
        #expect(try client.kind("run/create", created("r", document)) == "input.invalid")
        try client.call("run/create", started("r", document, ["input": ["repo": "here"]]))
        try client.call("run/create", created("free", workflow("free", ["end": ["set": [:]]], ["input": true])))
        #expect(
            try client.kind("run/create", created("none", workflow("none", ["end": ["set": [:]]], ["input": false])))
                == "input.invalid")
    }
}
