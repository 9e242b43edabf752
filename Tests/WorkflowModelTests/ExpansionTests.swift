import JSON
import Testing
import WorkflowModel

@Suite("Expanded documents")
struct ExpansionTests {
    private func expanded(_ document: JSONValue) throws -> JSONValue {
        try Workflow.parse(document).0.expandedDocument
    }

    @Test(
        "Where there is no pattern nothing is expanded",
        arguments: [Examples.minimal, Examples.nulls, Examples.deployment])
    func nothing(document: JSONValue) throws {
        #expect(try expanded(document) == document)
    }

    @Test("Routes follow from the key that was chosen")
    func routing() throws {
        let flow = try #require(try expanded(Examples.routing)["flow"])
        #expect(flow["START"] == "classify")
        #expect(
            flow["classify"]?["role"] == [
                "kind": "classify", "routes": ["refund", "other", "deep"], "hasDefault": true,
            ])
        #expect(
            flow["classify"]?["next"] == [
                ["when": "result == \"refund\"", "to": "refund"], ["when": "result == \"other\"", "to": "other"],
                ["when": "result == \"deep\"", "to": "deep"], ["to": "other"],
            ])
        #expect(
            flow["refund"] == ["description": "Money back", "call": "refund", "with": "${steps.classify.result.text}"])
        #expect(flow["deep"]?["pattern"] == "parallelization")
        #expect(flow["deep"]?["flow"]?["each"]?["forEach"]?["do"] == ["call": "x", "with": "${item}"])
        let document = try expanded(Examples.routing)
        #expect(document["routing"] == nil)
        #expect(document["output"] == "${result}")
        #expect(
            document["bind"]?["routes"]?[0] == [
                "key": "refund", "description": "Money back", "whenToUse": ["They want money"],
                "examples": ["Refund me"],
            ])
    }

    @Test("Workers do the steps of the plan")
    func orchestration() throws {
        let flow = try #require(try expanded(Examples.orchestration)["flow"])
        #expect(flow["plan"]?["next"] == "delegate")
        #expect(flow["plan"]?["role"] == ["kind": "plan", "workers": ["search", "write"]])
        #expect(flow["delegate"]?["next"] == "synthesize")
        #expect(flow["synthesize"] == ["call": "join", "with": "${result}"])
        let delegation = try #require(flow["delegate"]?["forEach"])
        #expect(delegation["in"] == "${result.steps}")
        #expect(delegation["key"] == "${item.id}")
        #expect(delegation["maxConcurrency"] == 2)
        #expect(delegation["results"] == ["kind": "workers"])
        #expect(
            delegation["do"]?["workers"]?["search"] == [
                "description": "Finds", "call": "search", "with": "${item.input}",
            ])
        #expect(
            delegation["do"]?["workers"]?["write"]?["flow"] == [
                "START": "w", "w": ["call": "write", "with": "${results}"],
            ])
    }

    @Test("Subtasks are split, done and merged, as a step")
    func parallelization() throws {
        let step = try #require(try expanded(Examples.parallelization)["flow"]?["all"])
        #expect(step["pattern"] == "parallelization")
        #expect(step["parallelization"] == nil)
        #expect(step["timeoutMs"] == 5)
        #expect(step["flow"]?["START"] == "split")
        #expect(step["flow"]?["split"] == ["call": "files", "next": "each", "role": ["kind": "split"]])
        #expect(step["flow"]?["each"]?["next"] == "merge")
        #expect(step["flow"]?["each"]?["forEach"]?["results"] == ["kind": "subtasks", "includeFailures": false])
    }

    @Test("Drafts are evaluated and improved")
    func optimization() throws {
        let document = try expanded(Examples.optimization)
        #expect(document["result"] == "bestDraft")
        #expect(document["bind"]?["criteria"]?[0]?["name"] == "clear")
        let flow = try #require(document["flow"])
        #expect(flow["generate"]?["next"] == "evaluate")
        #expect(flow["generate"]?["role"] == ["kind": "draft"])
        #expect(flow["evaluate"]?["role"] == ["kind": "evaluate", "threshold": 0.8, "maxIterations": 4])
        #expect(
            flow["evaluate"]?["next"] == [
                ["when": "result.passed", "to": "END"], ["when": "iteration >= 4", "to": "END"], ["to": "optimize"],
            ])
        #expect(flow["optimize"]?["next"] == "evaluate")
    }

    @Test("A pattern is found wherever it stands: in branches, items, routes, compensations and the cleanup")
    func everywhere() throws {
        let pattern: JSONValue = ["parallelization": ["split": [1], "each": ["call": "x"], "merge": ["set": [:]]]]
        let document: JSONValue = [
            "name": "w",
            "flow": [
                "START": "a",
                "a": ["parallel": ["b": pattern, "c": ["flow": ["START": "d", "d": pattern]]], "next": "e"],
                "e": ["forEach": ["in": [1], "do": pattern], "next": "f"], "f": ["call": "x", "compensate": pattern],
            ],
            "cleanup": ["START": "g", "g": pattern],
        ]
        let text = try expanded(document).serialized()
        #expect(!text.contains("\"parallelization\":"))
        #expect(text.components(of: "\"split\"") == 0)
        #expect(text.components(of: "\"subtasks\"") == 5)
    }
}

extension String {
    fileprivate func components(of part: String) -> Int {
        split(separator: part, omittingEmptySubsequences: false).count - 1
    }
}
