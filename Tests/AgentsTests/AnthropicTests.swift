import Agents
import HTTP
import JSON
import LoopbackServer
import Testing
import WorkflowEngine
import WorkflowModel

@Suite("Anthropic's messages", .enabled(if: HTTPClient.obstacle == nil, "there is no libcurl here"))
struct AnthropicTests {
    private static func delta(_ index: Int, _ delta: JSONValue) -> JSONValue {
        ["type": "content_block_delta", "index": JSONValue(index), "delta": delta]
    }

    private static func start(_ index: Int, _ block: JSONValue) -> JSONValue {
        ["type": "content_block_start", "index": JSONValue(index), "content_block": block]
    }

    private static let events: [JSONValue] = [
        [
            "type": "message_start",
            "message": ["usage": ["input_tokens": 10, "output_tokens": 1, "cache_read_input_tokens": 5]],
        ],
        start(0, ["type": "thinking", "thinking": "", "signature": ""]),
        delta(0, ["type": "thinking_delta", "thinking": "Hm, "]), ["type": "ping"],
        delta(0, ["type": "thinking_delta", "thinking": "yes."]),
        delta(0, ["type": "signature_delta", "signature": "sig"]),
        ["type": "content_block_stop", "index": 0],
        start(1, ["type": "text", "text": ""]),
        delta(1, ["type": "text_delta", "text": "I look "]), delta(1, ["type": "text_delta", "text": "it up."]),
        start(2, ["type": "tool_use", "id": "t1", "name": "search", "input": [:]]),
        delta(2, ["type": "input_json_delta", "partial_json": "{\"q\":"]),
        delta(2, ["type": "input_json_delta", "partial_json": "\"x\"}"]),
        start(3, ["type": "tool_use", "id": "t2", "name": "now", "input": [:]]),
        ["type": "message_delta", "delta": ["stop_reason": "tool_use"], "usage": ["output_tokens": 20]],
        ["type": "message_stop"],
    ]

    @Test("An answer comes as text, calls, signed thoughts and usage")
    func answers() throws {
        var settings = ProviderSettings()
        settings.prices = ["m": ModelPrices(input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75)]
        let bench = ProviderBench({ .anthropic($0, $1) }, settings: settings) { $0.stream(Self.events) }
        bench.ask()
        let (text, end) = bench.end()
        #expect(text == "I look it up.")
        #expect(bench.thoughts == "Hm, yes.")
        guard case .answered(let answer)? = end else {
            Issue.record("There is no answer.")
            return
        }
        #expect(answer.text == text)
        #expect(answer.calls.map(\.id) == ["t1", "t2"])
        #expect(answer.calls.map(\.input) == [["q": "x"], [:]])
        #expect(answer.state == [["type": "thinking", "thinking": "Hm, yes.", "signature": "sig"]])
        #expect(answer.usage.inputTokens == 10)
        #expect(answer.usage.outputTokens == 20)
        #expect(answer.usage.cacheReadTokens == 5)
        #expect(answer.usage.costMicros == 332)
    }

    @Test("A turn is asked for with all that was said, and what may be cached is marked")
    func requests() throws {
        let bench = ProviderBench({ .anthropic($0, $1) }) { $0.stream(Self.events) }
        var work = AgentWork(model: "test/m", system: "Be brief.", prompt: "Hello")
        work.tools = [ModelTool(name: "search", description: "Searches", input: ["type": "object"])]
        work.settings.thinkingTokens = 1000
        work.settings.maxTokens = 50
        let state: JSONValue = [["type": "thinking", "thinking": "Hm", "signature": "s"]]
        let turned = AgentTurned(
            path: "a", attempt: 1, turn: 1, answer: ModelAnswer(text: "Looking.", state: state))
        work.conversation.add(turned)
        work.conversation.call(Conversation.Call(path: "a/tool", id: "t1", tool: "search", input: ["q": 1]))
        work.conversation.settle("a/tool", .failed(Failure(kind: "tool.failed", message: "No.")))
        bench.ask(work)
        _ = try bench.answer()
        let body = try bench.body()
        #expect(body["model"] == "m")
        #expect(body["stream"] == true)
        #expect(body["max_tokens"] == 1050)
        #expect(body["thinking"] == ["type": "enabled", "budget_tokens": 1000])
        #expect(body["system"]?[0]?["text"] == "Be brief.")
        #expect(body["tools"] == [["name": "search", "description": "Searches", "input_schema": ["type": "object"]]])
        #expect(body["messages"]?[0]?["content"]?[0]?["text"] == "Hello")
        #expect(
            body["messages"]?[1]?["content"] == [
                ["type": "thinking", "thinking": "Hm", "signature": "s"], ["type": "text", "text": "Looking."],
                ["type": "tool_use", "id": "t1", "name": "search", "input": ["q": 1]],
            ])
        #expect(
            body["messages"]?[2]?["content"] == [
                [
                    "type": "tool_result", "tool_use_id": "t1", "content": "tool.failed: No.", "is_error": true,
                    "cache_control": ["type": "ephemeral"],
                ]
            ])
        #expect(bench.server.requests[0].contains("anthropic-version: 2023-06-01"))
    }

    @Test("An answer that comes whole is one too")
    func whole() throws {
        let answer: JSONValue = [
            "content": [
                ["type": "thinking", "thinking": "Hm", "signature": "s"], ["type": "text", "text": "Look: "],
                ["type": "tool_use", "id": "t", "name": "now", "input": ["a": 1]],
            ], "stop_reason": "tool_use", "usage": ["input_tokens": 1, "output_tokens": 2],
        ]
        let bench = ProviderBench({ .anthropic($0, $1) }) { exchange in
            exchange.begin(200, ["Content-Type: application/json"])
            exchange.send(answer.serialized())
        }
        bench.ask()
        let (text, end) = bench.end()
        #expect(text == "Look: ")
        #expect(bench.thoughts == "Hm")
        guard case .answered(let read)? = end else {
            Issue.record("There is no answer.")
            return
        }
        #expect(read.text == "Look: ")
        #expect(read.calls == [ModelAnswer.Call(id: "t", tool: "now", input: ["a": 1])])
        #expect(read.state == [["type": "thinking", "thinking": "Hm", "signature": "s"]])
        #expect(read.usage.outputTokens == 2)
    }

    @Test(
        "An answer that comes whole may be an error, or have parts of another kind",
        arguments: [
            ("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}", "model.unavailable"),
            ("{\"content\":[1,{\"type\":\"text\",\"text\":\"Yes.\"}],\"stop_reason\":\"end_turn\"}", nil),
            ("{}", "model.malformed"),
        ] as [(String, String?)])
    func oddWhole(body: String, kind: String?) throws {
        let bench = ProviderBench({ .anthropic($0, $1) }) { exchange in
            exchange.begin(200, ["Content-Type: application/json"])
            exchange.send(body)
        }
        bench.ask()
        switch bench.end() {
        case ("Yes.", .answered(let answer)?): #expect(answer.text == "Yes." && kind == nil)
        case ("", .failed(let failure)?): #expect(failure.kind == kind)
        default: Issue.record("It ends otherwise.")
        }
    }

    @Test(
        "An answer that ended before its end says why",
        arguments: [
            ("max_tokens", .length), ("model_context_window_exceeded", .length), ("refusal", .refusal),
            ("end_turn", nil),
        ] as [(String, ModelAnswer.StopReason?)])
    func stopReasons(said: String, reason: ModelAnswer.StopReason?) throws {
        let bench = ProviderBench({ .anthropic($0, $1) }) { exchange in
            let end: JSONValue = ["type": "message_delta", "delta": ["stop_reason": .string(said)]]
            exchange.stream([end, ["type": "message_stop"]])
        }
        bench.ask()
        #expect(try bench.answer().stopReason == reason)
    }

    @Test("Text of a block that never began is not passed over")
    func strayText() throws {
        let bench = ProviderBench({ .anthropic($0, $1) }) { exchange in
            exchange.stream([Self.delta(0, ["type": "text_delta", "text": "lost"]), ["type": "message_stop"]])
        }
        bench.ask()
        #expect(try bench.failure().kind == "model.malformed")
    }

    @Test("An error in the midst of the stream ends the turn with its kind")
    func streamError() throws {
        let bench = ProviderBench({ .anthropic($0, $1) }) { exchange in
            exchange.stream([
                Self.start(0, ["type": "text", "text": "begun"]),
                ["type": "error", "error": ["type": "overloaded_error", "message": "Overloaded"]],
            ])
        }
        bench.ask()
        let failure = try bench.failure()
        #expect(failure.kind == "model.unavailable")
        #expect(failure.isRetryable)
        #expect(failure.message.contains("Overloaded"))
    }
}
