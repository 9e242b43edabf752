import JSON
import Testing
import WorkflowCore
import WorkflowModel

@Suite("The four patterns")
struct PatternTests {
    private func table(_ pattern: String, _ members: JSONObject, options: JSONValue? = nil) throws -> Table {
        var document: JSONObject = ["name": "test"]
        document[pattern] = .object(members)
        return try Table(Workflow.parse(.object(document)).0, options: options)
    }

    // MARK: Routing

    private static let routes: JSONObject = [
        "classify": call,
        "routes": [
            "bug": ["description": "A bug", "call": "fix"], "idea": ["call": "note"],
            "other": ["default": true, "set": [:]],
        ],
    ]

    @Test(
        "The route is chosen by its key, however it is said",
        arguments: [
            ("bug", "bug"), ("  idea\n", "idea"), (["route": "bug"], "bug"), ("{\"route\": \"idea\"}", "idea"),
        ] as [(JSONValue, String)])
    func route(answer: JSONValue, step: String) throws {
        var table = try table("routing", Self.routes)
        try table.start()
        try table.succeed("classify", answer)
        #expect(table.run.active.map(\.path) == [step])
        try table.succeed(step, "done")
        #expect(table.run.output == "done")
    }

    @Test("An unknown key takes the default route, and the decision says so")
    func defaultRoute() throws {
        var table = try table("routing", Self.routes)
        try table.start()
        try table.succeed("classify", "nonsense")
        #expect(table.run.status == .completed)
        #expect(table.run.root.results["other"] != nil)
    }

    @Test("Without a default it fails as routing.noRoute, and is retried as the step says")
    func noRoute() throws {
        let members: JSONObject = [
            "classify": ["call": "work", "retry": ["attempts": 2]], "routes": ["bug": call],
        ]
        var table = try table("routing", members)
        try table.start()
        #expect(try table.succeed("classify", "nonsense") == ["step/failed", "step/started"])
        try table.succeed("classify", "again")
        #expect(table.run.failure?.kind == "routing.noRoute")
    }

    @Test("The classifier sees what it chooses from")
    func describedRoutes() throws {
        var members = Self.routes
        members["classify"] = ["call": "work", "with": "${routes}"]
        var table = try table("routing", members)
        try table.start()
        #expect(table.run.active.first?.input[0] == ["key": "bug", "description": "A bug"])
    }

    // MARK: Orchestrator and workers

    private static let plan: JSONObject = [
        "plan": call, "synthesize": ["call": "work", "with": "${result}"],
        "workers": [
            "write": ["capabilities": ["prose"], "call": "write", "with": "${[item.input, results]}"],
            "check": ["flow": ["START": "look", "look": call]],
        ],
    ]

    @Test("The plan runs as wide as its dependencies allow, and what comes of it is put together")
    func orchestration() throws {
        var table = try table("orchestratorWorkers", Self.plan)
        try table.start()
        try table.succeed(
            "plan",
            [
                "goal": "g",
                "steps": [
                    ["id": "a", "worker": "write", "input": 1], ["id": "b", "worker": "check"],
                    ["id": "c", "worker": "write", "input": 3, "dependsOn": ["a", "b"]],
                ],
            ])
        #expect(table.run.active.filter(\.isRunning).map(\.path) == ["delegate[0]", "delegate[1]/look"])
        try table.succeed("delegate[1]/look", "seen")
        try table.succeed("delegate[0]", "written")
        #expect(table.run.active.last?.path == "delegate[2]")
        #expect(table.run.active.last?.input == [3, ["a": "written", "b": "seen"]])
        try table.succeed("delegate[2]", "more")
        #expect(table.run.active.last?.path == "synthesize")
        #expect(
            table.run.active.last?.input[1] == ["stepId": "b", "worker": "check", "success": true, "data": "seen"])
        try table.succeed("synthesize", "whole")
        #expect(table.run.output == "whole")
    }

    @Test(
        "A bad plan starts no worker",
        arguments: [
            ("no plan", "plan.invalid"), (["steps": 5], "plan.invalid"), ([["worker": "write"]], "plan.invalid"),
            ([["id": "a"]], "plan.invalid"), ([["id": "a", "worker": "nobody"]], "plan.unknownWorker"),
            ([["id": "a", "worker": "write"], ["id": "a", "worker": "write"]], "plan.duplicateId"),
            ([["id": "a", "worker": "write", "dependsOn": ["b"]]], "plan.unknownDependency"),
            (
                [
                    ["id": "a", "worker": "write", "dependsOn": ["b"]],
                    ["id": "b", "worker": "write", "dependsOn": ["a"]],
                ], "plan.cycle"
            ),
        ] as [(JSONValue, String)])
    func badPlan(plan: JSONValue, kind: String) throws {
        var table = try table("orchestratorWorkers", Self.plan)
        try table.start()
        try table.succeed("plan", plan)
        #expect(table.run.failure?.kind == kind)
        #expect(table.run.failure?.step == "plan")
    }

    @Test("A worker that fails ends it, or is told to synthesize with those that were not done")
    func failingWorker() throws {
        let plan: JSONValue = [
            ["id": "a", "worker": "write", "input": 1], ["id": "b", "worker": "write", "dependsOn": ["a"]],
        ]
        var table = try table("orchestratorWorkers", Self.plan)
        try table.start()
        try table.succeed("plan", plan)
        try table.fail("delegate[0]")
        #expect(table.run.failure?.step == "delegate[0]")

        var members = Self.plan
        members["failureStrategy"] = "collect-all"
        table = try self.table("orchestratorWorkers", members)
        try table.start()
        try table.succeed("plan", plan)
        try table.fail("delegate[0]")
        let results = table.run.active.last?.input
        #expect(results?.array?.map { $0["success"] } == [false, false])
        #expect(results?[0]?["error"]?["kind"] == "test.failed")
    }

    // MARK: Parallelization

    @Test("Subtasks run at once and are merged", arguments: [true, false])
    func parallelization(includesFailures: Bool) throws {
        var table = try table(
            "parallelization",
            [
                "split": call, "each": ["call": "work", "with": "${item}"], "failureStrategy": "collect-all",
                "merge": ["call": "work", "with": "${result}"], "includeFailures": .bool(includesFailures),
            ])
        try table.start()
        try table.succeed("split", "```json\n[{\"id\": \"x\"}, 2]\n```")
        try table.fail("each[0]")
        table.pass(30)
        try table.succeed("each[1]", "two")
        let second: JSONValue = ["id": 1, "success": true, "data": "two", "durationMs": 30]
        let input = table.run.active.last?.input.array
        #expect(input?.last == second)
        #expect(input?.first?["id"] == (includesFailures ? "x" : 1))
        #expect(input?.count == (includesFailures ? 2 : 1))
    }

    @Test("A step that only sets may merge: it sees the list, too")
    func mergeBySetting() throws {
        let members: JSONObject = [
            "split": "${[1, 2]}", "each": call,
            "merge": ["set": ["all": "${result.map(part, part.data)}"]],
        ]
        var table = try table("parallelization", members)
        try table.start()
        try table.succeed("each[0]", "a")
        try table.succeed("each[1]", "b")
        #expect(table.run.state["all"] == ["a", "b"])
    }

    @Test("An expression may split; what gives no list fails")
    func splitting() throws {
        let rest: JSONObject = ["each": call, "merge": ["set": [:]]]
        var table = try table("parallelization", rest.merging("split", "${[1, 2, 3]}"))
        try table.start()
        #expect(table.run.active.count(where: \.isRunning) == 4 - 1)
        table = try self.table("parallelization", rest.merging("split", call))
        try table.start()
        try table.succeed("split", "a word")
        #expect(table.run.failure?.kind == "split.invalid")
    }

    // MARK: Evaluator and optimizer

    private static let drafts: JSONObject = [
        "generate": call, "threshold": 0.8, "maxIterations": 3,
        "evaluate": ["call": "work", "with": "${[result, draft, iteration]}"],
        "optimize": ["call": "work", "with": "${[result.feedback, draft]}"],
    ]

    @Test("It stops when the threshold is reached")
    func goodEnough() throws {
        var table = try table("evaluatorOptimizer", Self.drafts)
        try table.start()
        try table.succeed("generate", "one")
        #expect(table.run.active.first?.input == ["one", "one", 1])
        try table.succeed("evaluate", ["score": 0.5, "feedback": "more"])
        #expect(table.run.active.first?.path == "optimize")
        #expect(table.run.active.first?.input == ["more", "one"])
        try table.succeed("optimize", "two")
        #expect(table.run.active.first?.path == "evaluate#2")
        try table.succeed("evaluate#2", "{\"score\": 0.9}")
        #expect(
            table.run.output == [
                "output": "two", "score": 0.9, "passed": true, "iterations": 2, "stoppedBy": "threshold",
            ])
        #expect(try table.replayed().output == table.run.output)
    }

    @Test("It stops at maxIterations with the best draft, not the last")
    func neverGoodEnough() throws {
        var table = try table("evaluatorOptimizer", Self.drafts)
        try table.start()
        try table.succeed("generate", "one")
        for (path, score, next) in [("evaluate", 0.3, "optimize"), ("evaluate#2", 0.7, "optimize#2")] {
            try table.succeed(path, ["score": .number(JSONNumber(score)!), "feedback": "more"])
            try table.succeed(next, .string("after \(path)"))
        }
        try table.succeed("evaluate#3", ["score": 0.4])
        #expect(
            table.run.output == [
                "output": "after evaluate", "score": 0.7, "passed": false, "iterations": 3,
                "stoppedBy": "maxIterations",
            ])
    }

    @Test("Criteria make the score, and each may have a threshold")
    func criteria() throws {
        var members = Self.drafts
        members["criteria"] = [
            ["name": "style", "weight": 3], ["name": "truth", "weight": 1, "threshold": 0.9],
        ]
        var table = try table("evaluatorOptimizer", members)
        try table.start()
        try table.succeed("generate", "one")
        try table.succeed(
            "evaluate",
            ["feedback": "truer", "criteria": [["name": "style", "score": 1], ["name": "truth", "score": 0.8]]])
        #expect(table.run.active.first?.path == "optimize")
        #expect(table.run.root.best?.score.double == 0.95)
        #expect(table.run.root.best?.passed == false)
    }

    @Test("A bare number is a score", arguments: [0.9, "0.9"] as [JSONValue])
    func bareScore(answer: JSONValue) throws {
        var table = try table("evaluatorOptimizer", Self.drafts)
        try table.start()
        try table.succeed("generate", "one")
        try table.succeed("evaluate", answer)
        #expect(table.run.output?["score"] == 0.9)
    }

    @Test("An evaluation without a score fails the step")
    func noScore() throws {
        var table = try table("evaluatorOptimizer", Self.drafts)
        try table.start()
        try table.succeed("generate", "one")
        try table.succeed("evaluate", ["passed": true])
        #expect(table.run.failure?.kind == "evaluation.noScore")
    }

    @Test("A pattern stands as a step, its result is the step's, and its failure too")
    func asStep() throws {
        let flow: JSONValue = [
            "START": "improve",
            "improve": [
                "evaluatorOptimizer": .object(Self.drafts), "set": ["best": "${result.output}"], "next": "END",
            ],
        ]
        var table = try Table(flow)
        try table.start()
        #expect(table.run.active.map(\.path) == ["improve", "improve/generate"])
        try table.succeed("improve/generate", "one")
        try table.succeed("improve/evaluate", ["score": 1])
        #expect(table.run.state["best"] == "one")
        #expect(table.run.output?["stoppedBy"] == "threshold")
    }

    @Test("In an item a pattern has the item's paths")
    func inItem() throws {
        let flow: JSONValue = [
            "START": "review",
            "review": ["forEach": ["in": [1, 2], "do": ["evaluatorOptimizer": .object(Self.drafts)]]],
        ]
        var table = try Table(flow)
        try table.start()
        #expect(table.run.active.map(\.path) == ["review", "review[0]/generate", "review[1]/generate"])
    }
}

extension JSONObject {
    fileprivate func merging(_ name: String, _ value: JSONValue) -> JSONObject {
        var all = self
        all[name] = value
        return all
    }
}
