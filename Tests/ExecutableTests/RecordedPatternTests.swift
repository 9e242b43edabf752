import JSON
import Testing

/// All four patterns with an agent in every place, as they were recorded once: `Recordings/patterns.jsonl`.
@Suite("The four patterns with agents in every place")
struct RecordedPatternTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private static let tape = Project.root + "/Tests/ExecutableTests/Recordings/patterns.jsonl"
    private static let agent: JSONValue = ["model": "client/m", "system": "You are one part of a pattern."]
    private static let scout: JSONValue = [
        "model": "client/m",
        "tools": [["name": "look", "description": "Looks something up.", "input": ["type": "object"], "call": "look"]],
    ]

    private static func part(_ prompt: String, by agent: JSONValue = agent) -> JSONValue {
        ["agent": agent, "prompt": .string(prompt)]
    }

    private static let documents: [(String, JSONValue, input: JSONValue, output: JSONValue)] = [
        (
            "routing",
            [
                "classify": part("Is this a bug or an idea? ${input}"),
                "routes": ["bug": part("Mend: ${input}", by: scout), "idea": part("Note: ${input}")],
            ], "It crashes.", "Mended."
        ),
        (
            "orchestratorWorkers",
            [
                "plan": part("Plan: ${input}"),
                "workers": [
                    "writer": part("Write: ${item.description}"), "scout": part("Find: ${item.description}", by: scout),
                ],
                "synthesize": part("Put together: ${result.map(part, part.data.text)}"),
            ], "A page on rain.", "Rain falls."
        ),
        (
            "parallelization",
            [
                "split": part("Split: ${input}"), "each": part("Do: ${item}"),
                "merge": part("Merge: ${result.map(part, part.data.text)}"),
            ], "wind and rain", "Weather."
        ),
        (
            "evaluatorOptimizer",
            [
                "generate": part("Draft: ${input}"), "evaluate": part("Score this: ${draft.text}"),
                "optimize": part("Mend ${draft.text}: ${result.feedback}"), "threshold": 0.8,
            ], "fog", "Fog lifts."
        ),
    ]

    /// What the model says, by how its prompt begins.
    private static let answers: [(String, JSONValue)] = [
        ("Is this", "{\"route\": \"bug\"}"), ("Mend: ", "Mended."), ("Note", "Noted."),
        (
            "Plan",
            """
            {"goal": "A page", "steps": [{"id": "f", "description": "facts", "worker": "scout"},
            {"id": "w", "description": "the page", "worker": "writer", "dependsOn": ["f"]}]}
            """
        ), ("Find", "Rain is wet."), ("Write", "Rain."), ("Put", "Rain falls."), ("Split", "[\"wind\", \"rain\"]"),
        ("Do: wind", "It blows."), ("Do: rain", "It pours."), ("Merge", "Weather."), ("Draft", "Fog."),
        ("Score this: Fog.", "{\"score\": 0.4, \"feedback\": \"Too short.\"}"),
        ("Score this", "{\"score\": 0.9}"), ("Mend Fog", "Fog lifts."),
    ]

    private func result(of pattern: String, _ members: JSONValue, _ input: JSONValue, in client: Client) throws
        -> JSONValue
    {
        let document: JSONObject = ["name": .string(pattern), pattern: members]
        try client.call("run/create", started(pattern, .object(document), ["input": input]))
        let id = try client.request("run/result", ["runId": .string(pattern)])
        while true {
            let message = try client.next("a turn, a call, or the end") {
                $0["id"] == id && $0["method"] == nil
                    || ["model/generate", "step/execute"].contains($0["method"]?.string)
            }
            guard let method = message["method"] else { return message["result"] ?? .null }
            let params = message["params"] ?? .null
            if method == "step/execute" {
                try Execution(client: client, id: message["id"] ?? .null, params: params).succeed(["known": true])
            } else {
                try answer(Generation(client: client, id: message["id"] ?? .null, params: params))
            }
        }
    }

    private func answer(_ turn: Generation) throws {
        let messages = turn.params["messages"]?.array ?? []
        if turn.params["tools"] != nil, messages.count == 1 {
            return try turn.answer(["toolCalls": [["tool": "look", "input": ["at": "it"]]]])
        }
        let prompt = messages.first?["text"]?.string ?? ""
        let said = Self.answers.first { prompt.hasPrefix($0.0) }?.1
        try turn.answer(["text": try #require(said, "\(prompt)"), "usage": ["inputTokens": 3, "outputTokens": 2]])
    }

    private func session(_ mode: String, models: [String], handlers: [String], tape: String) throws -> Client {
        let client = try Client(in: folder)
        let recording: JSONValue = ["mode": .string(mode), "path": .string(tape)]
        try client.initialize(models: models, handlers: handlers, config: ["recording": recording])
        return client
    }

    private static func text(of result: JSONValue) -> JSONValue? {
        result["output"]?["text"] ?? result["output"]?["output"]?["text"]
    }

    @Test("What was recorded is replayed without a model, a tool or a network")
    func replay() throws {
        let client = try session("replay", models: [], handlers: [], tape: Self.tape)
        for (pattern, members, input, output) in Self.documents {
            let result = try result(of: pattern, members, input, in: client)
            #expect(result["status"] == "completed", "\(result)")
            #expect(Self.text(of: result) == output)
            #expect(try client.events(of: pattern).contains { $0["type"] == "agent/turned" })
        }
        #expect(!client.transcript.contains { $0["method"] == "model/generate" || $0["method"] == "step/execute" })
    }

    @Test("The same session is recorded in the same words")
    func recording() throws {
        let tape = folder["tape.jsonl"]
        let client = try session("record", models: ["m"], handlers: ["look"], tape: tape)
        for (pattern, members, input, output) in Self.documents {
            let result = try result(of: pattern, members, input, in: client)
            #expect(Self.text(of: result) == output, "\(result)")
        }
        let (kept, made) = (Folder.text(at: Self.tape), Folder.text(at: tape))
        #expect(Self.lines(of: kept) == Self.lines(of: made))
    }

    /// What is said at the same time is written in any order, and in its own time.
    private static func lines(of tape: String?) -> [String] {
        (tape ?? "").split(separator: "\n").map(String.init).sorted()
    }
}
