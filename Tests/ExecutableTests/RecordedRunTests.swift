import JSON
import Testing

@Suite("Recorded runs")
struct RecordedRunTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// Each item is researched by an agent with a tool of the client's, and one agent sums up.
    private static let document = workflow(
        "survey",
        [
            "research": [
                "forEach": ["in": "${input}", "do": ["agent": "scout", "prompt": "What of ${item}?"]],
                "next": "sum",
            ],
            "sum": ["agent": ["model": "client/m"], "prompt": "Sum up: ${steps.research.result}"],
        ],
        [
            "output": "${steps.sum.result.text}",
            "agents": [
                "scout": [
                    "model": "client/m",
                    "tools": [["name": "look", "description": "Looks.", "input": true, "call": "look"]],
                ]
            ],
        ])

    private static let items: JSONValue = ["rain", "sun", "rain"]

    private func session(_ mode: String, models: [String], handlers: [String]) throws -> Client {
        let client = try Client(in: folder, arguments: ["--store", folder[mode + "/fermata.db"]])
        let recording: JSONValue = ["mode": .string(mode), "path": .string(folder["tape.jsonl"])]
        try client.initialize(models: models, handlers: handlers, config: ["recording": recording])
        return client
    }

    /// Answers turns and calls until the run is over; equal questions get answers of their own.
    private func perform(in client: Client) throws {
        var answers = 0
        for _ in 1...10 {
            let message = try client.next("a request") {
                ["model/generate", "step/execute"].contains($0["method"]?.string)
            }
            let id = message["id"] ?? .null
            let params = message["params"] ?? .null
            answers += 1
            if message["method"] == "step/execute" {
                let execution = Execution(client: client, id: id, params: params)
                try execution.say("step/log", ["message": "I look."])
                try execution.succeed(["seen": JSONValue(answers)])
                continue
            }
            let turn = Generation(client: client, id: id, params: params)
            let isFirst = params["messages"]?.array?.count == 1 && params["tools"] != nil
            for word in ["Answer ", "\(answers)", "."] { try turn.say(word) }
            try turn.answer(isFirst ? ["toolCalls": [["tool": "look", "input": ["n": JSONValue(answers)]]]] : [:])
        }
    }

    /// What the journal says of a run, without what differs between any two.
    private func story(of run: String, in client: Client) throws -> [JSONValue] {
        try client.events(of: run).map { event in
            var data = event["data"]?.object ?? [:]
            for name in ["executionId", "client", "cwd", "progress"] { data[name] = nil }
            return ["type": event["type"] ?? .null, "data": .object(data)]
        }
    }

    @Test("What was recorded with a client is replayed without one, and the journal says the same of each step")
    func replay() throws {
        let recorded = try session("record", models: ["m"], handlers: ["look"])
        try recorded.call("run/create", started("r", Self.document, ["input": Self.items]))
        try perform(in: recorded)
        let result = try recorded.runResult(of: "r")
        #expect(result["status"] == "completed")
        let tape = try #require(folder.text(of: "tape.jsonl"))
        #expect(tape.split(separator: "\n").count == 10)

        let replayed = try session("replay", models: [], handlers: [])
        try replayed.call("run/create", started("r", Self.document, ["input": Self.items]))
        #expect(try replayed.runResult(of: "r")["output"] == result["output"])
        #expect(!replayed.transcript.contains { $0["method"] == "model/generate" || $0["method"] == "step/execute" })
        let (told, again) = (try story(of: "r", in: recorded), try story(of: "r", in: replayed))
        #expect(told.map { "\($0)" }.sorted() == again.map { "\($0)" }.sorted())
        #expect(Deltas(of: "r", in: replayed).text(of: "sum") == Deltas(of: "r", in: recorded).text(of: "sum"))
    }

    @Test("A replay of something else fails, and says what differs")
    func mismatch() throws {
        let recorded = try session("record", models: ["m"], handlers: ["look"])
        let agent: JSONValue = ["model": "client/m", "system": "Be brief."]
        func document(_ prompt: String) -> JSONValue {
            workflow("one", ["a": ["agent": agent, "prompt": .string(prompt)]])
        }
        try recorded.call("run/create", started("r", document("Rain?")))
        try recorded.generation().answer(["text": "Yes."])
        #expect(try recorded.runResult(of: "r")["status"] == "completed")
        let replayed = try session("replay", models: [], handlers: [])
        try replayed.call("run/create", started("r", document("Sun?")))
        let error = try replayed.runResult(of: "r")["error"]
        #expect(error?["kind"] == "model.recordingMismatch")
        #expect(
            error?["details"] == [
                "line": 1, "pointer": "/model/messages/0/text", "recorded": "Rain?", "requested": "Sun?",
            ])
    }
}
