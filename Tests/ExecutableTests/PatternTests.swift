import JSON
import Testing

/// Who does a step: each says the text it is given.
enum Speaker: CaseIterable {
    case handler, command, agent

    func step(_ text: String, _ more: JSONObject = [:]) -> JSONValue {
        var step: JSONObject =
            switch self {
            case .handler: ["call": "say", "with": ["text": .string(text)]]
            case .command: ["command": ["printf", "%s", .string(text)]]
            case .agent: ["agent": ["model": "scripted/echo"], "prompt": .string(text)]
            }
        for (name, value) in more { step[name] = value }
        return .object(step)
    }

    /// Where its result has the text.
    var text: String {
        switch self {
        case .handler: ""
        case .command: ".stdout"
        case .agent: ".text"
        }
    }

    func text(of result: JSONValue?) -> JSONValue? {
        switch self {
        case .handler: result
        case .command: result?["stdout"]
        case .agent: result?["text"]
        }
    }
}

@Suite("The four patterns, whoever does their steps")
struct PatternTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize(commands: true)
        client.perform = { $0["input"]?["text"] ?? .null }
    }

    private func run(_ pattern: String, _ members: JSONObject, input: JSONValue = nil) throws -> JSONValue {
        let document: JSONObject = ["name": "pattern", pattern: .object(members)]
        try client.call("run/create", started("r", .object(document), ["input": input]))
        let result = try client.runResult(of: "r")
        try client.checkTold(of: "r")
        return result
    }

    @Test("Routing", arguments: Speaker.allCases)
    func routing(speaker: Speaker) throws {
        let result = try run(
            "routing",
            [
                "classify": speaker.step("{\"route\": \"${input}\"}"),
                "routes": ["idea": speaker.step("note it"), "bug": speaker.step("fix the ${input}")],
            ], input: "bug")
        #expect(speaker.text(of: result["output"]) == "fix the bug")
        #expect(try client.steps(of: "r").keys.sorted() == ["bug", "classify"])
        #expect(try client.decisions(of: "r") == ["classify → bug", "bug → END"])
        let decision = try client.call("run/decisions", ["runId": "r"])["decisions"]?[0]
        #expect(decision?["condition"] == "result == \"bug\"")
        #expect(decision?["reason"] == "when")
    }

    @Test("Orchestrator and workers", arguments: Speaker.allCases)
    func orchestratorWorkers(speaker: Speaker) throws {
        let plan = """
            {"goal": "g", "steps": [{"id": "b", "worker": "doer", "input": "two", "dependsOn": ["a"]},
            {"id": "a", "worker": "doer", "input": "${input}"}]}
            """
        let result = try run(
            "orchestratorWorkers",
            [
                "plan": speaker.step(plan), "workers": ["doer": speaker.step("did ${item.input}")],
                "synthesize": speaker.step("all ${result.map(part, part.stepId + ': ' + part.data\(speaker.text))}"),
            ], input: "one")
        #expect(speaker.text(of: result["output"]) == "all [\"b: did two\",\"a: did one\"]")
        let steps = try client.steps(of: "r")
        #expect(steps.keys.sorted() == ["delegate", "delegate[0]", "delegate[1]", "plan", "synthesize"])
        #expect(try client.decisions(of: "r").first == "plan → delegate")
        let (first, second) = (steps["delegate[1]"]?["endedAt"]?.string, steps["delegate[0]"]?["startedAt"]?.string)
        #expect(try #require(first) <= #require(second))
    }

    @Test("Parallelization", arguments: Speaker.allCases)
    func parallelization(speaker: Speaker) throws {
        let result = try run(
            "parallelization",
            [
                "split": speaker.step("[\"x\", \"y\", \"z\"]"), "each": speaker.step("did ${item}"),
                "merge": speaker.step("all ${result.map(part, part.data\(speaker.text))}"), "maxConcurrency": 2,
            ])
        #expect(speaker.text(of: result["output"]) == "all [\"did x\",\"did y\",\"did z\"]")
        #expect(
            try client.steps(of: "r").keys.sorted() == ["each", "each[0]", "each[1]", "each[2]", "merge", "split"])
    }

    @Test("Evaluator and optimizer", arguments: Speaker.allCases)
    func evaluatorOptimizer(speaker: Speaker) throws {
        let result = try run(
            "evaluatorOptimizer",
            [
                "generate": speaker.step("draft"), "threshold": 0.8,
                "evaluate": speaker.step("{\"score\": ${iteration >= 3 ? 0.9 : 0.5}, \"feedback\": \"better\"}"),
                "optimize": speaker.step("${result.feedback} ${draft\(speaker.text)}"),
            ])
        let output = result["output"]
        #expect(speaker.text(of: output?["output"]) == "better better draft")
        #expect(output?["score"] == 0.9)
        #expect(output?["passed"] == true)
        #expect(output?["iterations"] == 3)
        #expect(output?["stoppedBy"] == "threshold")
        #expect(
            try client.decisions(of: "r") == [
                "generate → evaluate", "evaluate → optimize", "optimize → evaluate", "evaluate#2 → optimize",
                "optimize#2 → evaluate", "evaluate#3 → END",
            ])
    }

    @Test("Inside an item and inside a branch, a pattern has their paths")
    func nested() throws {
        let improve: JSONValue = [
            "evaluatorOptimizer": [
                "generate": ["call": "draft", "with": "${input}"], "maxIterations": 3, "threshold": 1,
                "evaluate": ["call": "judge", "with": ["iteration": "${iteration}"]],
                "optimize": ["call": "mend", "with": "${draft}"],
            ]
        ]
        client.perform = { params in
            guard params["handler"] == "judge" else { return params["input"] ?? .null }
            return ["score": params["path"] == "review[2]/evaluate" ? 0 : params["input"]?["iteration"] ?? .null]
        }
        let document = workflow(
            "nested",
            [
                "review": ["forEach": ["in": [1, 2, 3], "do": improve], "next": "branches"],
                "branches": ["parallel": ["only": ["flow": ["START": "improve", "improve": improve]]], "next": "END"],
            ], ["output": "${steps.review.result.map(item, item.iterations)}"])
        try client.call("run/create", started("r", document, ["input": "text"]))
        #expect(try client.runResult(of: "r")["output"] == [1, 1, 2])
        let steps = try client.steps(of: "r")
        #expect(steps["review[2]/evaluate#2"]?["iteration"] == 2)
        #expect(steps["review[2]/evaluate#2"]?["step"] == "evaluate")
        #expect(steps["review[1]/evaluate#2"] == nil)
        #expect(steps["branches[only]/improve/generate"]?["output"] == "text")
        #expect(steps["branches[only]/improve"]?["kind"] == "evaluatorOptimizer")
        let decisions = try client.call("run/decisions", ["runId": "r"])["decisions"]?.array ?? []
        let last = decisions.first { $0["path"] == "review[2]/evaluate#2" }
        #expect(last?["from"] == "evaluate")
        #expect(last?["to"] == "END")
        #expect(last?["condition"] == "result.passed")
        try client.checkTold(of: "r")
    }
}
