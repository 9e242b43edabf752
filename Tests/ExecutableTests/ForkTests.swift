import JSON
import Testing

@Suite("run/fork begins a run with the past of another")
struct ForkTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize(handlers: ["work"])
    }

    private static let chain = workflow(
        "chain",
        [
            "first": ["call": "work", "with": "${input}", "set": ["seen": "${result}"], "next": "second"],
            "second": ["call": "work", "with": ["n": "${input.n}", "seen": "${state.seen}"]],
        ], ["input": ["type": "object", "properties": ["n": ["type": "integer"]]]])

    /// The run `r`, which has ended.
    private func run() throws {
        client.perform = { $0["input"]?["seen"] == nil ? "one" : "two" }
        try client.call("run/create", started("r", Self.chain, ["input": ["n": 1]]))
        #expect(try client.runResult(of: "r")["output"] == "two")
        client.perform = nil
    }

    @Test("The history comes along, the step begins anew with what is other, and nothing before it runs again")
    func changes() throws {
        try run()
        let fork = try client.call(
            "run/fork",
            [
                "runId": "r", "fromStep": "second", "newRunId": "f", "start": true,
                "changes": ["input": ["n": 7], "state": ["seen": "other"]],
            ])
        #expect(fork["runId"] == "f")
        #expect(fork["status"] == "in-progress")
        let execution = try client.execution(at: "second", of: "f")
        #expect(execution.params["runId"] == "f")
        #expect(execution.params["executionId"] == fork["executionId"])
        #expect(execution.params["input"] == ["n": 7, "seen": "other"])
        #expect(execution.params["attempt"] == 1)
        try execution.succeed("three")
        #expect(try client.runResult(of: "f")["output"] == "three")

        let details = try client.call("run/get", ["runId": "f"])
        #expect(details["origin"] == ["runId": "r", "seq": 4])
        #expect(details["input"] == ["n": 7])
        #expect(details["parent"] == nil)
        let steps = try client.steps(of: "f")
        #expect(steps["first"]?["output"] == "one")
        #expect(steps["second"]?["output"] == "three")
        let events = try client.events(of: "f")
        #expect(events.prefix(4).map { $0["data"] } == (try client.events(of: "r")).prefix(4).map { $0["data"] })
        let fact = events[4]
        #expect(fact["type"] == "run/forked")
        #expect(fact["data"]?["origin"] == ["runId": "r", "seq": 4])
        #expect(fact["data"]?["input"] == ["n": 7])
        #expect(fact["data"]?["state"] == ["seen": "other"])
        #expect(try client.runResult(of: "r")["output"] == "two")
        #expect(client.performed == ["first", "second", "second"])
    }

    @Test("Whoever forks is told from the fork on, and not again what the other did")
    func told() throws {
        try run()
        try client.call("run/fork", ["runId": "r", "fromSeq": 4, "newRunId": "f", "start": true])
        try client.execution(at: "second", of: "f").succeed("again")
        _ = try client.runResult(of: "f")
        let told = client.journalled(of: "f").map { $0["method"]?.string }
        #expect(told == (try client.events(of: "f")).dropFirst(4).map { $0["type"]?.string })
        #expect(told.first == "run/forked")
    }

    @Test("A fork is pending until it is started, also after a restart, and its state is right at every seq")
    func pending() throws {
        try run()
        let fork = try client.call(
            "run/fork", ["runId": "r", "fromStep": "second", "newRunId": "f", "changes": ["state": ["seen": "x"]]])
        #expect(fork["status"] == "pending")
        #expect(fork["seq"] == 5)
        client.closeInput()
        #expect(try client.waitForExit() == .code(0))

        let second = try Client(in: folder)
        try second.initialize(handlers: ["work"])
        #expect(
            try second.call(
                "run/fork",
                ["runId": "r", "fromStep": "second", "newRunId": "f", "changes": ["state": ["seen": "x"]]]) == fork)
        try second.call("run/start", ["runId": "f"])
        try second.execution(at: "second", of: "f").fail(code: 1, "no", data: ["retryable": false])
        #expect(try second.runResult(of: "f")["status"] == "failed")
        try second.call("run/retry", ["runId": "f"])
        try second.execution(at: "second", of: "f").succeed("done")
        #expect(try second.runResult(of: "f")["status"] == "completed")
        let seqs =
            [(1, [:]), (3, [:]), (4, ["seen": "one"]), (5, ["seen": "x"]), (9, ["seen": "x"])] as [(Int, JSONValue)]
        for (seq, state) in seqs {
            let answer = try second.call("run/state", ["runId": "f", "atSeq": JSONValue(seq)])
            #expect(answer["state"] == state, "at \(seq)")
        }
    }

    @Test("What cannot be forked is refused with what is wrong")
    func refusals() throws {
        try run()
        let wrong: [(JSONValue, String)] = [
            (["runId": "r"], "/fromSeq"),
            (["runId": "r", "fromSeq": 1, "fromStep": "first"], "/fromStep"),
            (["runId": "r", "fromSeq": 0], "/fromSeq"),
            (["runId": "r", "fromSeq": 99], "/fromSeq"),
            (["runId": "r", "fromStep": "third"], "/fromStep"),
            (["runId": "r", "fromSeq": 1, "newRunId": "a b"], "/newRunId"),
            (["runId": "r", "fromSeq": 1, "changes": 1], "/changes"),
            (["runId": "r", "fromSeq": 1, "changes": ["state": 1]], "/changes/state"),
        ]
        for (params, pointer) in wrong {
            let error = try client.refusal("run/fork", params)
            #expect(error["code"] == -32602, "\(params)")
            #expect(error["data"]?["pointer"]?.string == pointer, "\(params)")
        }
        let invalid = try client.refusal(
            "run/fork", ["runId": "r", "fromSeq": 1, "changes": ["input": ["n": "many"]]])
        #expect(invalid["data"]?["kind"] == "input.invalid")
        #expect(invalid["data"]?["pointer"] == "/changes/input/n")
        #expect(try client.kind("run/fork", ["runId": "none", "fromSeq": 1]) == "run.notFound")
        #expect(try client.kind("run/fork", ["runId": "r", "fromSeq": 1, "newRunId": "r"]) == "idempotency.conflict")
        #expect(try client.call("run/list")["runs"]?.array?.count == 1)
    }

    @Test("A program's recorded steps are the fork's, and the others are its own")
    func program() throws {
        let client = try Client(in: folder)
        try client.hostPrograms("deploy")
        try client.call("run/create", started("r", "deploy", ["input": 1]))
        let first = try client.program()
        try first.step("build", ["input": 1]) { _, _ in "built" }
        try first.step("push", [:]) { _, _ in "pushed" }
        try first.end("done")
        _ = try client.runResult(of: "r")
        try client.call("run/fork", ["runId": "r", "fromStep": "push", "newRunId": "f", "start": true])
        let second = try client.program()
        #expect(second.params["runId"] == "f")
        var ran: [String] = []
        for (key, options) in [("build", ["input": 1]), ("push", [:])] as [(String, JSONObject)] {
            try second.step(key, options) { _, idempotencyKey in
                ran.append(idempotencyKey)
                return "again"
            }
        }
        try second.end("forked")
        #expect(try client.runResult(of: "f")["output"] == "forked")
        #expect(ran == ["f:push"])
        #expect(try client.steps(of: "f")["build"]?["output"] == "built")
    }

    @Test("fermata fork makes one, and says how to go on")
    func command() throws {
        try run()
        client.closeInput()
        #expect(try client.waitForExit() == .code(0))
        let forked = try CommandLineRun(
            ["fork", "r", "--from", "second", "--state", "{\"seen\":\"x\"}", "--run-id", "f"], in: folder)
        #expect(forked.exitCode == 0)
        #expect(forked.output == "f\nGo on with: fermata resume f --store \(folder.store)\n")
        #expect(try CommandLineRun(["fork", "r"], in: folder).exitCode == 2)
        let shown = try CommandLineRun(["show", "f", "--json"], in: folder)
        #expect(try JSONValue(parsing: Array(shown.output.utf8))["run"]?["origin"] == ["runId": "r", "seq": 4])
    }
}
