import FermataKit
import FermataTesting
import JSON
import Testing

@Suite("Patterns in flows")
struct PatternStepTests {
    /// The document is the one that is expected, and the flow of it is the flow; a run of it leaves `output`.
    private func check<Output: Codable & Sendable & Equatable>(
        _ step: Step, _ text: String, given input: JSON = nil, leaves output: Output,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let flow = try Flow("f") { step }
        let written = try #require(flow.document.value["flow"]?["p"])
        let expected = try JSONValue(parsing: text)
        #expect(written.serialized() == expected.serialized(), sourceLocation: location)
        #expect(
            try Flow(document: JSON(parsing: flow.document.value.serialized())) == flow, sourceLocation: location)
        let execution = try await flow.run(input, as: Output.self, on: TestFermata().fermata).start()
        #expect(try await execution.result == output, sourceLocation: location)
    }

    @Test("Routing: one step says which route is taken")
    func routing() async throws {
        let classify = Step.call("classify") { (text: String, _) in text.hasPrefix("$") ? "bill" : "nothing known" }
        try await check(
            Step.routing("p", classify: classify) {
                Step.call("bill") { (text: String, _) in "paid \(text)" }.route("Bills", whenToUse: ["money"])
                Step.call("other") { (text: String, _) in "read \(text)" }
                    .route("The rest", examples: ["Hello"], isDefault: true)
            },
            """
            {"routing": {"classify": {"call": "f/classify", "with": "${input}"}, "routes": {
              "bill": {"call": "f/bill", "with": "${input}", "description": "Bills", "whenToUse": ["money"]},
              "other": {"call": "f/other", "with": "${input}", "description": "The rest", "examples": ["Hello"],
                "default": true}}}, "next": "END"}
            """, given: "Hi", leaves: "read Hi")
    }

    @Test("Orchestrator and workers: a plan, its parts, and one of what they leave")
    func orchestratorWorkers() async throws {
        let plan = Step.call("plan") {
            Plan(
                goal: "find",
                steps: [
                    Plan.Part(id: "1", worker: "search", input: "a"), Plan.Part(id: "2", worker: "search", input: "b"),
                ])
        }
        let join = Step.call("join", with: "${result}") { (parts: [Left<String>], _) in
            parts.map(\.data).joined(separator: " ")
        }
        try await check(
            Step.orchestratorWorkers("p", plan: plan, synthesize: join, maxConcurrency: 2) {
                Step.call("search", with: "${item.input}") { (word: String, _) in "\(word)!" }
                    .worker("Finds", capabilities: ["web"])
            },
            """
            {"orchestratorWorkers": {"plan": {"call": "f/plan"}, "synthesize": {"call": "f/join", "with": "${result}"},
              "workers": {"search": {"call": "f/search", "with": "${item.input}", "description": "Finds",
                "capabilities": ["web"]}}, "maxConcurrency": 2}, "next": "END"}
            """, leaves: "a! b!")
    }

    @Test("Parallelization: each subtask, and one of what they leave")
    func parallelization() async throws {
        let merge = Step.call("merge", with: "${result}") { (parts: [Left<Int>], _) in parts.map(\.data).reduce(0, +) }
        try await check(
            Step.parallelization(
                "p", split: .call("split") { [1, 2, 3] },
                each: .call("each", with: "${item}") { (number: Int, _) in number * 2 }, merge: merge,
                failureStrategy: .collectAll, includeFailures: false),
            """
            {"parallelization": {"split": {"call": "f/split"}, "each": {"call": "f/each", "with": "${item}"},
              "merge": {"call": "f/merge", "with": "${result}"}, "failureStrategy": "collect-all",
              "includeFailures": false}, "next": "END"}
            """, leaves: 12)
    }

    @Test("Evaluator and optimizer: a draft is made better until it is good enough")
    func evaluatorOptimizer() async throws {
        try await check(
            Step.evaluatorOptimizer(
                "p", generate: .call("generate") { "a" },
                evaluate: .call("evaluate", with: "${result}") { (draft: String, _) in Double(draft.count) / 4 },
                optimize: .call("optimize", with: "${draft}") { (draft: String, _) in draft + "a" },
                threshold: 0.75, maxIterations: 5, criteria: [["name": "long"]]),
            """
            {"evaluatorOptimizer": {"generate": {"call": "f/generate"},
              "evaluate": {"call": "f/evaluate", "with": "${result}"},
              "optimize": {"call": "f/optimize", "with": "${draft}"}, "threshold": 0.75, "maxIterations": 5,
              "criteria": [{"name": "long"}]}, "next": "END"}
            """, leaves: Best(output: "aaa", iterations: 3))
    }
}

private struct Plan: Codable, Sendable {
    struct Part: Codable, Sendable {
        var id: String
        var worker: String
        var input: String
    }

    var goal: String
    var steps: [Part]
}

private struct Left<Data: Codable & Sendable>: Codable, Sendable {
    var data: Data
}

private struct Best: Codable, Sendable, Equatable {
    var output: String
    var iterations: Int
}
