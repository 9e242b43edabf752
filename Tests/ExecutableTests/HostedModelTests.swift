import JSON
import Testing

@Suite("The client hosts models")
struct HostedModelTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize(models: ["writer"], handlers: ["search"])
    }

    private func agent(_ members: JSONObject = [:], _ step: JSONObject = [:]) -> JSONValue {
        var agent: JSONObject = ["model": "client/writer"]
        for (name, value) in members { agent[name] = value }
        var parts: JSONObject = ["agent": .object(agent), "prompt": "Write of ${input}."]
        for (name, value) in step { parts[name] = value }
        return workflow("writes", ["write": .object(parts)])
    }

    @Test("model/generate has the documented members, and its answer is the step's")
    func request() throws {
        let document = agent(["system": "Be brief.", "maxTokens": 50], ["timeoutMs": 60_000])
        try client.call("run/create", started("r", document, ["input": "rain"]))
        let turn = try client.generation()
        #expect(turn.params["runId"] == "r")
        #expect(turn.params["stepId"] == "write")
        #expect(turn.params["path"] == "write")
        #expect(turn.params["attempt"] == 1)
        #expect(
            turn.params["executionId"]?.string == (try client.call("run/get", ["runId": "r"])["executionId"]?.string))
        #expect(turn.params["deadlineAt"]?.string?.hasSuffix("Z") == true)
        #expect(turn.params["model"] == "writer")
        #expect(turn.params["system"] == "Be brief.")
        #expect(turn.params["maxTokens"] == 50)
        #expect(turn.params["messages"] == [["role": "user", "text": "Write of rain."]])
        try turn.answer(["text": "It rains.", "usage": ["inputTokens": 7, "outputTokens": 3]])
        #expect(try client.runResult(of: "r")["status"] == "completed")
        #expect(try client.steps(of: "r")["write"]?["output"]?["text"] == "It rains.")
        #expect(try client.call("run/get", ["runId": "r"])["usage"]?["inputTokens"] == 7)
        #expect(Deltas(of: "r", in: client).text(of: "write") == "It rains.")
    }

    @Test("What it streams is told as it comes, and the answer need not say it again")
    func streamed() throws {
        try client.call("run/create", started("r", agent()))
        let turn = try client.generation()
        for text in ["Grüße, ", "", "😀"] { try turn.say(text) }
        _ = try client.notification("execution/textDelta")
        try turn.answer([:])
        #expect(try client.runResult(of: "r")["status"] == "completed")
        #expect(try client.steps(of: "r")["write"]?["output"]?["text"] == "Grüße, 😀")
        #expect(Deltas(of: "r", in: client).text(of: "write") == "Grüße, 😀")
        try client.checkTold(of: "r")
    }

    @Test("An answer that was cut off is told as such, in its turn and in what the step leaves")
    func cutOff() throws {
        try client.call("run/create", started("r", agent()))
        try client.generation().answer(["text": "It rai", "stopReason": "length"])
        #expect(try client.runResult(of: "r")["output"]?["stopReason"] == "length")
        #expect(try client.notification("agent/turned", of: "r")["stopReason"] == "length")
        try client.checkTold(of: "r")
    }

    @Test("An answer that goes on from what was streamed is whole; another one is malformed")
    func rest() throws {
        try client.call("run/create", started("r", agent()))
        let turn = try client.generation()
        try turn.say("It ")
        try turn.answer(["text": "It rains."])
        #expect(try client.runResult(of: "r")["status"] == "completed")
        #expect(Deltas(of: "r", in: client).text(of: "write") == "It rains.")
        try client.call("run/create", started("s", agent()))
        let other = try client.generation()
        try other.say("It ")
        try other.answer(["text": "Sun."])
        #expect(try client.runResult(of: "s")["error"]?["kind"] == "model.malformed")
    }

    @Test("It calls tools, is given what they return, and is asked for its next turn")
    func tools() throws {
        let tool: JSONValue = ["name": "find", "description": "Finds.", "input": ["type": "object"], "call": "search"]
        try client.call("run/create", started("r", agent(["tools": [tool]])))
        let first = try client.generation()
        #expect(
            first.params["tools"] == [["name": "find", "description": "Finds.", "input": ["type": "object"]]])
        try first.answer(["text": "I look. ", "toolCalls": [["callId": "c", "tool": "find", "input": ["q": 1]]]])
        let call = try client.execution()
        #expect(call.params["handler"] == "search")
        #expect(call.params["input"] == ["q": 1])
        try call.succeed(["found": true])
        let second = try client.generation()
        #expect(
            second.params["messages"]?.array?.dropFirst() == [
                [
                    "role": "assistant", "text": "I look. ",
                    "toolCalls": [["callId": "c", "tool": "find", "input": ["q": 1]]],
                ], ["role": "tool", "callId": "c", "tool": "find", "output": ["found": true]],
            ])
        try second.say("Found")
        try second.answer(["text": "Found."])
        #expect(try client.runResult(of: "r")["status"] == "completed")
        #expect(Deltas(of: "r", in: client).text(of: "write") == "I look. Found.")
        try client.checkTold(of: "r")
    }

    @Test("What it thinks is told beside its text, before the end of its turn, and counted on over the turns")
    func thoughts() throws {
        let tool: JSONValue = ["name": "find", "description": "Finds.", "input": true, "call": "search"]
        try client.call("run/create", started("r", agent(["tools": [tool]])))
        let first = try client.generation()
        for thought in ["Hm, ", "ähm."] { try first.say(thought, "model/thinkingDelta") }
        try first.say("I look. ")
        try first.answer(["toolCalls": [["tool": "find"]]])
        try client.execution().succeed(nil)
        let second = try client.generation()
        try second.say("Well.", "model/thinkingDelta")
        try second.answer(["text": "Found."])
        #expect(try client.runResult(of: "r")["status"] == "completed")
        #expect(Deltas(of: "r", in: client).text(of: "write") == "I look. Found.")
        let thoughts = Deltas(of: "r", in: client, "execution/thinkingDelta")
        #expect(thoughts.text(of: "write") == "Hm, ähm.Well.")
        let turned = try client.position { $0["method"] == "agent/turned" }
        #expect(try client.position { $0["method"] == "execution/thinkingDelta" } < turned)
        let events = try client.events(of: "r").filter { $0["type"] == "agent/turned" }
        #expect(events.map { $0["data"]?["thoughtBytes"] } == [9, 5])
        try client.checkTold(of: "r")
    }

    static let answers: [(JSONValue, String)] = [
        (["text": 7], "/text"), (["text": "", "toolCalls": 7], "/toolCalls"),
        (["toolCalls": [["name": "find"]]], "/toolCalls/0/tool"), ([], "must be an object"),
    ]

    @Test("An answer that is none fails the step as model.malformed, and says where", arguments: answers)
    func malformed(answer: JSONValue, place: String) throws {
        client.strays = true
        try client.call("run/create", started("r", agent()))
        try client.generation().answer(answer)
        let error = try client.runResult(of: "r")["error"]
        #expect(error?["kind"] == "model.malformed")
        #expect(error?["message"]?.string?.contains(place) == true)
    }

    @Test("An error answer fails the attempt as it says, else as model.unavailable, and a retry begins anew")
    func errors() throws {
        try client.call("run/create", started("r", agent([:], ["retry": ["attempts": 2, "delayMs": 0]])))
        let first = try client.generation()
        try first.say("Half")
        try first.fail(code: -32000, "Busy.", data: ["kind": "model.rateLimited", "retryable": true])
        let failed = try client.notification("step/failed")
        #expect(failed["error"]?["kind"] == "model.rateLimited")
        let second = try client.generation()
        #expect(second.params["attempt"] == 2)
        try second.say("Whole")
        try second.fail(code: 7, "Gone.", data: ["retryable": false])
        let error = try client.runResult(of: "r")["error"]
        #expect(error?["kind"] == "model.unavailable")
        #expect(error?["message"] == "Gone.")
        let deltas = client.transcript.filter { $0["method"] == "execution/textDelta" }.compactMap { $0["params"] }
        #expect(deltas.map { $0["offset"] } == [0, 0])
        #expect(deltas.map { $0["attempt"] } == [1, 2])
    }

    @Test("A turn that is no longer wanted is cancelled, and its late answer is ignored")
    func cancel() throws {
        try client.call("run/create", started("r", agent()))
        let turn = try client.generation()
        try client.call("run/cancel", ["runId": "r"])
        #expect(try client.notification("$/cancelRequest")["id"] == turn.id)
        try turn.answer(["text": "Late."])
        #expect(try client.runResult(of: "r")["status"] == "cancelled")
    }

    @Test("A model that the client did not declare is refused; one that it hosted is waited for")
    func missing() throws {
        let other = workflow("other", ["write": ["agent": ["model": "client/painter"], "prompt": "x"]])
        #expect(try client.kind("run/create", created("o", other)) == "step.handlerMissing")
        try client.call("run/create", started("r", agent()))
        _ = try client.generation()
        client.closeInput()
        try client.waitForExit()
        let next = try Client(in: folder)
        try next.initialize(models: [])
        let waits = try next.call("run/get", ["runId": "r"])["waitingFor"]?[0]
        #expect(waits?["kind"] == "handler")
        #expect(waits?["handler"] == "client/writer")
        next.closeInput()
        try next.waitForExit()
        let last = try Client(in: folder)
        try last.initialize(models: ["*"])
        try last.generation().answer(["text": "It rains."])
        #expect(try last.runResult(of: "r")["status"] == "completed")
    }
}
