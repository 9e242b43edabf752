import JSON
import Testing

@Suite("What goes wrong in a pattern")
struct PatternFailureTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize()
    }

    private func start(_ pattern: String, _ members: JSONObject, input: JSONValue = nil) throws {
        let document: JSONObject = ["name": "pattern", pattern: .object(members)]
        try client.call("run/create", started("r", .object(document), ["input": input]))
    }

    private static func echo(_ text: String) -> JSONValue {
        ["agent": ["model": "scripted/echo"], "prompt": .string(text)]
    }

    private func failure() throws -> JSONValue? {
        let result = try client.runResult(of: "r")
        #expect(result["status"] == "failed")
        try client.checkTold(of: "r")
        return result["error"]
    }

    @Test("An answer that is no route fails as routing.noRoute, and no route is taken")
    func noRoute() throws {
        try start("routing", ["classify": Self.echo("weather"), "routes": ["bug": ["call": "fix"]]])
        let failure = try failure()
        #expect(failure?["kind"] == "routing.noRoute")
        #expect(failure?["step"] == "classify")
        #expect(failure?["message"]?.string?.contains("weather") == true)
        #expect(client.performed.isEmpty)
    }

    @Test("The default route takes what fits no other, and the decision says so")
    func defaultRoute() throws {
        try start(
            "routing",
            [
                "classify": Self.echo("weather"),
                "routes": ["bug": ["call": "fix"], "rest": ["set": [:], "default": true]],
            ]
        )
        #expect(try client.runResult(of: "r")["status"] == "completed")
        let decision = try client.call("run/decisions", ["runId": "r"])["decisions"]?[0]
        #expect(decision?["to"] == "rest")
        #expect(decision?["reason"] == "default")
    }

    static let badPlans: [(String, String)] = [
        (#"[{"id": "a", "worker": "w", "dependsOn": ["b"]}, {"id": "b", "worker": "w", "dependsOn": ["a"]}]"#, "cycle"),
        (#"[{"id": "a", "worker": "w", "dependsOn": ["a"]}]"#, "cycle"),
        (#"[{"id": "a", "worker": "w"}, {"id": "b", "worker": "nobody"}]"#, "unknownWorker"),
        (#"[{"id": "a", "worker": "w"}, {"id": "a", "worker": "w"}]"#, "duplicateId"),
        (#"[{"id": "a", "worker": "w"}, {"id": "b", "worker": "w", "dependsOn": ["c"]}]"#, "unknownDependency"),
        (#"[{"worker": "w"}]"#, "invalid"), (#"[{"id": "a"}]"#, "invalid"), (#"[7]"#, "invalid"),
        (#"[{"id": "a", "worker": "w", "dependsOn": "b"}]"#, "invalid"), ("{}", "invalid"),
        ("I have no plan", "invalid"),
    ]

    @Test("A bad plan starts no worker", arguments: badPlans)
    func badPlan(plan: String, kind: String) throws {
        try start(
            "orchestratorWorkers",
            ["plan": Self.echo("${input}"), "workers": ["w": ["call": "work"]], "synthesize": ["call": "sum"]],
            input: .string(plan))
        let failure = try failure()
        #expect(failure?["kind"]?.string == "plan.\(kind)")
        #expect(client.performed.isEmpty)
        #expect(try client.steps(of: "r").keys.sorted() == ["plan"])
    }

    private func delegate(_ members: JSONObject = [:]) throws {
        var pattern: JSONObject = [
            "plan": Self.echo("${input}"), "workers": ["w": ["call": "work", "with": "${results}"]],
            "synthesize": ["call": "sum", "with": "${result}"],
        ]
        for (name, value) in members { pattern[name] = value }
        let plan = """
            [{"id": "a", "worker": "w"}, {"id": "b", "worker": "w"}, {"id": "c", "worker": "w", "dependsOn": ["a"]},
            {"id": "d", "worker": "w", "dependsOn": ["b"]}]
            """
        try start("orchestratorWorkers", pattern, input: .string(plan))
    }

    @Test("Under fail-fast the first worker that fails takes the others with it")
    func failFast() throws {
        try delegate()
        let other = try client.execution(at: "delegate[1]")
        try client.execution(at: "delegate[0]").fail(code: 1, "It broke.", data: ["kind": "mine.broke"])
        let failure = try failure()
        #expect(failure?["kind"] == "mine.broke")
        #expect(failure?["step"] == "delegate[0]")
        let cancel = try client.next("$/cancelRequest") { $0["method"] == "$/cancelRequest" }
        #expect(cancel["params"]?["id"] == other.id)
        #expect(client.performed.count == 2)
        let steps = try client.steps(of: "r")
        #expect(steps["delegate[0]"]?["status"] == "failed")
        #expect(steps["delegate[1]"]?["status"] == "cancelled")
        #expect(steps["synthesize"] == nil)
    }

    @Test("Under collect-all the others go on, dependents are left out, and the synthesis is told of each")
    func collectAll() throws {
        try delegate(["failureStrategy": "collect-all"])
        try client.execution(at: "delegate[0]").fail(code: 1, "It broke.", data: ["kind": "mine.broke"])
        try client.execution(at: "delegate[1]").succeed("B")
        let dependent = try client.execution(at: "delegate[3]")
        #expect(dependent.params["input"] == ["b": "B"])
        try dependent.succeed("D")
        let synthesis = try client.execution(at: "synthesize")
        let parts = synthesis.params["input"]?.array ?? []
        #expect(parts.map { $0["stepId"] } == ["a", "b", "c", "d"])
        #expect(parts.map { $0["success"] } == [false, true, false, true])
        #expect(parts.map { $0["error"]?["kind"] } == ["mine.broke", nil, "forEach.dependencyFailed", nil])
        #expect(parts.map { $0["data"] } == [nil, "B", nil, "D"])
        #expect(parts.allSatisfy { $0["worker"] == "w" })
        try synthesis.succeed("what there is")
        #expect(try client.runResult(of: "r")["output"] == "what there is")
        #expect(!client.performed.contains("delegate[2]"))
        try client.checkTold(of: "r")
    }

    @Test("A merge leaves failures out when it is told to", arguments: [true, false])
    func includeFailures(includes: Bool) throws {
        try start(
            "parallelization",
            [
                "split": "${[{'id': 'x'}, {'id': 'y'}]}", "each": ["call": "work", "with": "${item}"],
                "merge": ["call": "sum", "with": "${result}"], "failureStrategy": "collect-all",
                "includeFailures": .bool(includes),
            ])
        try client.execution(at: "each[0]").fail(code: 1, "It broke.")
        try client.execution(at: "each[1]").succeed("Y")
        let parts = try client.execution(at: "merge").params["input"]?.array ?? []
        #expect(parts.map { $0["id"] } == (includes ? ["x", "y"] : ["y"]))
        #expect(parts.last?["data"] == "Y")
        #expect(parts.allSatisfy { $0["durationMs"]?.int != nil })
    }

    private func improve(_ scores: [JSONValue]) throws {
        try start(
            "evaluatorOptimizer",
            [
                "generate": ["call": "draft"], "evaluate": ["call": "judge"], "optimize": ["call": "draft"],
                "maxIterations": 3, "threshold": 0.9,
            ])
        for (index, score) in scores.enumerated() {
            try client.execution(of: index == 0 ? "generate" : "optimize").succeed(.string("draft \(index + 1)"))
            try client.execution(of: "evaluate").succeed(score)
        }
    }

    @Test("Never good enough: the best draft, not the last, stopped by maxIterations")
    func neverGoodEnough() throws {
        try improve([["score": 0.2], ["score": 0.8, "feedback": "nearly"], ["score": 0.5]])
        #expect(
            try client.runResult(of: "r")["output"] == [
                "output": "draft 2", "score": 0.8, "passed": false, "iterations": 3, "stoppedBy": "maxIterations",
            ])
        try client.checkTold(of: "r")
    }

    @Test(
        "An evaluation without a score fails as evaluation.noScore",
        arguments: [["passed": true], "fine", nil] as [JSONValue])
    func noScore(evaluation: JSONValue) throws {
        try improve([evaluation])
        let failure = try failure()
        #expect(failure?["kind"] == "evaluation.noScore")
        #expect(failure?["step"] == "evaluate")
    }

    @Test("An answer that cannot be read is asked for again, as the step says")
    func retried() throws {
        try start(
            "routing",
            ["classify": ["call": "classify", "retry": ["attempts": 2]], "routes": ["bug": ["call": "fix"]]])
        try client.execution().succeed("weather")
        let second = try client.execution(of: "classify")
        #expect(second.params["attempt"] == 2)
        try second.succeed("bug")
        try client.execution(of: "bug").succeed("fixed")
        #expect(try client.runResult(of: "r")["output"] == "fixed")
    }
}
