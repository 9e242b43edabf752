import JSON
import Testing

@Suite("Steps that hold flows, when something goes wrong")
struct CompositeStepTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize()
    }

    /// Two branches, one of which waits for a person before it calls.
    private func start(_ members: JSONObject, after: JSONValue = ["set": [:]]) throws {
        var step: JSONObject = [
            "parallel": [
                "work": ["call": "work"],
                "gate": [
                    "flow": [
                        "START": "ask", "ask": ["approval": ["message": "?"], "next": "go"], "go": ["call": "go"],
                    ]
                ],
            ], "next": "END",
        ]
        for (name, value) in members { step[name] = value }
        let document = workflow("branches", ["both": .object(step), "after": after])
        try client.call("run/create", started("r", document))
    }

    @Test("Its time limit calls off what is inside, also while the run is paused, and onError catches it")
    func timeout() throws {
        try start(["timeoutMs": 1500, "onError": "after"], after: ["set": ["kind": "${steps.both.error.kind}"]])
        let execution = try client.execution(at: "both[work]")
        try client.call("run/pause", ["runId": "r"])
        let failed = try client.notification("step/failed")
        #expect(failed["path"] == "both")
        #expect(failed["error"]?["kind"] == "step.timedOut")
        let cancelled = try client.next("$/cancelRequest") { $0["method"] == "$/cancelRequest" }
        #expect(cancelled["params"]?["id"] == execution.id)
        #expect(try client.call("execution/interactions")["interactions"] == [])
        #expect(try client.call("run/get", ["runId": "r"])["status"] == "in-progress")
        try client.call("run/resume", ["runId": "r"])
        #expect(try client.runResult(of: "r")["status"] == "completed")
        #expect(try client.call("run/state", ["runId": "r"])["state"] == ["kind": "step.timedOut"])
        try client.checkTold(of: "r")
    }

    @Test("Retried, it runs again what is not recorded, and asks again what was not answered")
    func retry() throws {
        try start(["retry": ["attempts": 2]])
        let first = try client.notification("execution/approvalRequested")
        try client.execution(at: "both[work]").fail(code: 1, "It broke.")
        let second = try client.notification("execution/approvalRequested")
        #expect(first["interactionId"] != second["interactionId"])
        let open = try client.call("execution/interactions")["interactions"]?.array ?? []
        #expect(open.map { $0["interactionId"] } == [second["interactionId"]])
        try client.decide(second)
        try client.execution(at: "both[gate]/go").succeed("G")
        let again = try client.execution(at: "both[work]")
        #expect(again.params["attempt"] == 2)
        try again.succeed("W")
        #expect(try client.runResult(of: "r")["output"] == ["work": "W", "gate": "G"])
        let steps = try client.steps(of: "r")
        #expect(steps["both"]?["attempt"] == 2)
        #expect(steps["both[gate]/go"]?["attempt"] == 1)
        try client.checkTold(of: "r")
    }

    @Test("Under collect-all every branch tells what became of it, in the document's order")
    func collectAll() throws {
        try start(["failureStrategy": "collect-all"])
        try client.decide(try client.notification("execution/approvalRequested"))
        try client.execution(at: "both[work]").fail(code: 1, "It broke.", data: ["kind": "mine.broke"])
        try client.execution(at: "both[gate]/go").succeed("G")
        let output = try client.runResult(of: "r")["output"]
        #expect(output?.object?.keys.map { $0 } == ["work", "gate"])
        #expect(output?["work"]?["status"] == "failed")
        #expect(output?["work"]?["error"]?["kind"] == "mine.broke")
        #expect(output?["gate"] == ["status": "completed", "result": "G"])
        try client.checkTold(of: "r")
    }

    @Test("The run's time limit ends all that is inside")
    func runTimeout() throws {
        let document = workflow(
            "slow", ["each": ["forEach": ["in": [1, 2, 3], "do": ["call": "work"], "maxConcurrency": 2]]])
        try client.call("run/create", started("r", document, ["options": ["timeout": ["ms": 150]]]))
        let result = try client.runResult(of: "r")
        #expect(result["error"]?["kind"] == "run.timedOut")
        for _ in 0..<2 { _ = try client.next("$/cancelRequest") { $0["method"] == "$/cancelRequest" } }
        #expect(client.performed == ["each[0]", "each[1]"])
        try client.checkTold(of: "r")
    }

    @Test("Its signals, waits and sets in branches mix in the journal's order")
    func mixture() throws {
        let document = workflow(
            "mixture",
            [
                "all": [
                    "parallel": [
                        "signal": ["wait": ["signal": "go"], "set": ["signal": "${result.payload}"]],
                        "moment": ["wait": ["durationMs": 20], "set": ["moment": "${result.fired}"]],
                        "nested": [
                            "forEach": [
                                "in": [1, 2],
                                "do": [
                                    "parallel": [
                                        "a": ["call": "work", "with": "${item}"], "b": ["set": ["b": "${index}"]],
                                    ]
                                ],
                            ]
                        ],
                    ]
                ]
            ], ["output": "${state}"])
        client.perform = { $0["input"] ?? .null }
        try client.call("run/create", started("r", document))
        try client.call("execution/signal", ["runId": "r", "name": "go", "payload": 7])
        let result = try client.runResult(of: "r")
        #expect(result["output"]?["signal"] == 7)
        #expect(result["output"]?["moment"] == "duration")
        #expect(result["output"]?["b"] == 1)
        let steps = try client.steps(of: "r")
        #expect(steps["all[nested][1][a]"]?["output"] == 2)
        try client.checkTold(of: "r")
    }
}
