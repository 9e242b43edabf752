import Agents
import HTTP
import JSON
import LoopbackServer
import Testing
import WorkflowEngine
import WorkflowModel

@Suite("OpenAI's chat completions", .enabled(if: HTTPClient.obstacle == nil, "there is no libcurl here"))
struct OpenAITests {
    private static func chunk(_ delta: JSONValue, finish: JSONValue = nil) -> JSONValue {
        ["choices": [["index": 0, "delta": delta, "finish_reason": finish]]]
    }

    private static func call(_ index: Int, id: JSONValue = nil, name: JSONValue = nil, _ arguments: String) -> JSONValue
    {
        [
            "tool_calls": [
                ["index": JSONValue(index), "id": id, "function": ["name": name, "arguments": .string(arguments)]]
            ]
        ]
    }

    private static let events: [JSONValue] = [
        chunk(["role": "assistant", "content": ""]), chunk(["reasoning_content": "Hm, "]),
        chunk(["reasoning": "yes."]), chunk(["content": "I look "]), chunk(["content": "it up."]),
        chunk(call(0, id: "c1", name: "search", "{\"q\"")), chunk(call(1, id: "c2", name: "now", "")),
        chunk(call(0, ":\"x\"}")), chunk([:], finish: "tool_calls"),
        [
            "choices": [],
            "usage": [
                "prompt_tokens": 15, "completion_tokens": 20, "prompt_tokens_details": ["cached_tokens": 5],
            ],
        ],
    ]

    @Test("An answer comes as text, calls and usage")
    func answers() throws {
        let bench = ProviderBench({ .openAI($0, $1) }) { $0.stream(Self.events, end: "data: [DONE]\n\n") }
        bench.ask()
        let answer = try bench.answer()
        #expect(bench.thoughts == "Hm, yes.")
        #expect(answer.text == "I look it up.")
        #expect(answer.calls.map(\.tool) == ["search", "now"])
        #expect(answer.calls.map(\.input) == [["q": "x"], [:]])
        #expect(answer.usage.inputTokens == 10)
        #expect(answer.usage.cacheReadTokens == 5)
        #expect(answer.usage.outputTokens == 20)
    }

    @Test("A turn is asked for with all that was said, and with the schema that its answer must fit")
    func requests() throws {
        let bench = ProviderBench({ .openAI($0, $1) }) { $0.stream(Self.events) }
        var work = AgentWork(model: "test/m", system: "Be brief.", prompt: "Hello")
        work.tools = [ModelTool(name: "search", description: nil, input: nil)]
        work.output = ["type": "integer"]
        work.settings.temperature = 0.5
        work.settings.maxTokens = 50
        work.conversation.add(AgentTurned(path: "a", attempt: 1, turn: 1, answer: ModelAnswer(text: "Looking.")))
        work.conversation.call(Conversation.Call(path: "a/tool", id: "c1", tool: "search", input: ["q": 1]))
        work.conversation.settle("a/tool", .returned(["found": 2]))
        work.conversation.tell("Go on.")
        bench.ask(work)
        _ = try bench.answer()
        let body = try bench.body()
        #expect(body["model"] == "m")
        #expect(body["temperature"] == 0.5)
        #expect(body["max_tokens"] == 50)
        #expect(body["stream_options"] == ["include_usage": true])
        #expect(body["tools"]?[0]?["function"]?["name"] == "search")
        let messages = body["messages"]?.array ?? []
        #expect(messages.map { $0["role"]?.string } == ["system", "user", "assistant", "tool", "user"])
        #expect(messages.first?["content"]?.string?.contains("{\"type\":\"integer\"}") == true)
        #expect(messages[2]["tool_calls"]?[0]?["function"]?["arguments"] == "{\"q\":1}")
        #expect(messages[3] == ["role": "tool", "tool_call_id": "c1", "content": "{\"found\":2}"])
        #expect(messages[4]["content"] == "Go on.")
        #expect(bench.server.requests[0].hasPrefix("POST /chat/completions HTTP/1.1"))
        #expect(!bench.server.requests[0].lowercased().contains("authorization"))
    }

    @Test("An answer that comes whole is one too")
    func whole() throws {
        let message: JSONValue = [
            "content": "Look.",
            "tool_calls": [["id": "c", "function": ["name": "now", "arguments": "{}"]]],
        ]
        let answer: JSONValue = [
            "choices": [["message": message, "finish_reason": "stop"]],
            "usage": ["prompt_tokens": 1, "completion_tokens": 2],
        ]
        let bench = ProviderBench({ .openAI($0, $1) }) { exchange in
            exchange.begin(200, ["Content-Type: application/json; charset=utf-8"])
            exchange.send(answer.serialized())
        }
        bench.ask()
        let (text, end) = bench.end()
        #expect(text == "Look.")
        guard case .answered(let read)? = end else {
            Issue.record("There is no answer.")
            return
        }
        #expect(read.calls == [ModelAnswer.Call(id: "c", tool: "now", input: [:])])
        #expect(read.usage.inputTokens == 1)
    }

    private static let ways: [(events: [JSONValue], calls: [ModelAnswer.Call])] = [
        // Without numbers, by their ids.
        (
            [bare(id: "a", name: "one", "{}"), bare(id: "b", name: "two", "{\"q\""), bare(id: "b", ":1}")],
            [.init(id: "a", tool: "one", input: [:]), .init(id: "b", tool: "two", input: ["q": 1])]
        ),
        // With neither, by their names.
        (
            [bare(name: "one", "{\"q\""), bare(":1}"), bare(name: "two", "{}")],
            [.init(id: "call-1", tool: "one", input: ["q": 1]), .init(id: "call-2", tool: "two", input: [:])]
        ),
        // The name said with each piece, and arguments that are no text.
        (
            [
                call(0, id: "a", name: "one", "{"), call(0, id: "a", name: "one", "}"),
                bare(id: "b", name: "two", ["q": 1]),
            ],
            [.init(id: "a", tool: "one", input: [:]), .init(id: "b", tool: "two", input: ["q": 1])]
        ),
    ]

    private static func bare(id: JSONValue = nil, name: JSONValue = nil, _ arguments: JSONValue) -> JSONValue {
        ["tool_calls": [["id": id, "function": ["name": name, "arguments": arguments]]]]
    }

    @Test("Calls are put together in each way that servers say them", arguments: ways)
    func calls(events: [JSONValue], calls: [ModelAnswer.Call]) throws {
        let all = events.map { Self.chunk($0) } + [Self.chunk([:], finish: "tool_calls")]
        let bench = ProviderBench({ .openAI($0, $1) }) { $0.stream(all) }
        bench.ask()
        #expect(try bench.answer().calls == calls)
    }

    @Test("Of several answers the first one counts, and a refusal is an answer")
    func choices() throws {
        func choice(_ index: Int, _ delta: JSONValue, finish: JSONValue = nil) -> JSONValue {
            ["index": JSONValue(index), "delta": delta, "finish_reason": finish]
        }
        let events: [JSONValue] = [
            ["choices": [choice(1, ["content": "B"]), choice(0, ["content": "A"])]],
            ["choices": [choice(1, ["content": "b"], finish: "stop")]], ["choices": [choice(0, ["refusal": "a"])]],
            ["choices": [choice(0, [:], finish: "stop")]],
        ]
        let bench = ProviderBench({ .openAI($0, $1) }) { $0.stream(events) }
        bench.ask()
        let (text, end) = bench.end()
        #expect(text == "Aa")
        guard case .answered(let answer)? = end, answer.text == "Aa" else {
            Issue.record("There is no answer.")
            return
        }
    }

    @Test(
        "An answer that ended before its end says why",
        arguments: [
            (chunk([:], finish: "length"), .length), (chunk([:], finish: "content_filter"), .refusal),
            (chunk(["refusal": "No."], finish: "stop"), .refusal), (chunk(["refusal": nil], finish: "stop"), nil),
        ] as [(JSONValue, ModelAnswer.StopReason?)])
    func stopReasons(last: JSONValue, reason: ModelAnswer.StopReason?) throws {
        let bench = ProviderBench({ .openAI($0, $1) }) { $0.stream([Self.chunk(["content": "Well, "]), last]) }
        bench.ask()
        #expect(try bench.answer().stopReason == reason)
    }

    @Test("The answer is there when its end was said, whatever becomes of the connection", arguments: [false, true])
    func endOfText(breaksOff: Bool) throws {
        let events = [Self.chunk(["content": "All."]), Self.chunk([:], finish: "stop")]
        let bench = ProviderBench({ .openAI($0, $1) }) { exchange in
            exchange.stream(events, end: "data: [DONE]\n\n")
            if breaksOff { exchange.breakOff() } else { exchange.waitForClose() }
        }
        bench.ask()
        #expect(try bench.answer().text == "All.")
    }

    private static let damages: [(kind: String, events: [JSONValue], end: String)] = [
        ("model.malformed", [chunk(call(0, id: "c", name: "t", "{\"q\"")), chunk([:], finish: "tool_calls")], ""),
        ("model.malformed", [chunk(["content": "x"])], "data: {\"choices\n\n"),
        ("model.interrupted", [chunk(["content": "x"])], ""),
        ("model.unavailable", [["error": ["message": "out of memory"]]], ""),
    ]

    @Test(
        "Arguments that are no JSON, events that are none, and an answer that breaks off, have their kinds",
        arguments: damages)
    func damaged(kind: String, events: [JSONValue], end: String) throws {
        let bench = ProviderBench({ .openAI($0, $1) }) { $0.stream(events, end: end) }
        bench.ask()
        let failure = try bench.failure()
        #expect(failure.kind == kind)
        #expect(failure.isRetryable)
    }
}
