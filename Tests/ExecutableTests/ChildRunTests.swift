import JSON
import Testing

@Suite("Child runs, over the wire")
struct ChildRunTests {
    private let folder: Folder
    private let client: Client
    private let parent = workflow(
        "parent", ["sub": ["workflow": "child", "with": "${input}", "next": "END"]], ["output": "${steps.sub.result}"])

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize()
    }

    /// Registers the child, and starts the parent: the child's id.
    private func begin(_ child: JSONValue, input: JSONValue = nil, options: JSONValue = [:]) throws -> JSONValue {
        try client.call("workflow/register", ["document": child])
        try client.call("run/create", started("r", parent, ["input": input, "options": options]))
        return try self.child()
    }

    private func child(of run: String = "r") throws -> JSONValue {
        let runs = try client.call("run/list", ["filter": ["parent": .string(run)]])["runs"]
        return try #require(runs?[0]?["runId"])
    }

    private func get(_ run: JSONValue) throws -> JSONValue { try client.call("run/get", ["runId": run]) }

    private static func child(_ step: JSONValue, _ more: JSONObject = [:]) -> JSONValue {
        workflow("child", ["work": step], more)
    }

    @Test("A child is listed under its parent, knows it, and its output is the step's result")
    func life() throws {
        let id = try begin(Self.child(["call": "work", "with": "${input}"]), input: ["n": 1])
        let run = try get(id)
        #expect(run["parent"] == ["runId": "r", "path": "sub"])
        #expect(run["workflow"]?["name"] == "child")
        #expect(run["input"] == ["n": 1])
        #expect(try get("r")["waitingFor"]?[0] == ["kind": "child", "runId": id, "path": "sub"])
        #expect(try client.call("run/list")["runs"]?.array?.count == 2)
        let execution = try client.execution()
        #expect(execution.params["runId"] == id)
        try execution.succeed("done")
        #expect(try client.runResult(of: "r")["output"] == "done")
        #expect(try get(id)["status"] == "completed")
        let input = try client.steps(of: "r")["sub"]?["input"]
        #expect(input?["runId"] == id)
        try client.checkTold(of: "r")
        let name = try #require(id.string)
        _ = try client.events(of: name)
    }

    @Test("A parent with nothing to do but wait for an awaiting child is awaiting")
    func awaiting() throws {
        let id = try begin(Self.child(["approval": ["message": "Go on?"]]))
        #expect(try get("r")["status"] == "awaiting")
        let question = try #require(try client.call("execution/interactions")["interactions"]?[0])
        #expect(question["runId"] == id)
        try client.decide(question)
        #expect(try client.runResult(of: "r")["output"]?["status"] == "approved")
        _ = try client.notification("run/statusChanged", of: "r") { $0["status"] == "awaiting" }
    }

    @Test("Pause and resume reach the child")
    func pause() throws {
        let flow = workflow("child", ["one": ["call": "work", "next": "two"], "two": ["call": "work"]])
        let id = try begin(flow)
        let first = try client.execution()
        try client.call("run/pause", ["runId": "r"])
        #expect(try get(id)["isPaused"] == true)
        try first.succeed(1)
        _ = try client.call("health/check")
        #expect(client.performed == ["one"])
        try client.call("run/resume", ["runId": "r"])
        #expect(try get(id)["isPaused"] == false)
        try client.execution(of: "two").succeed(2)
        #expect(try client.runResult(of: "r")["output"] == 2)
    }

    @Test("Cancel reaches the child, its child, and what they perform")
    func cancel() throws {
        let grandchild = workflow("grandchild", ["work": ["call": "work"]])
        try client.call("workflow/register", ["document": grandchild])
        let id = try begin(Self.child(["workflow": "grandchild"]))
        let execution = try client.execution()
        #expect(try child(of: #require(id.string)) == execution.params["runId"])
        try client.call("run/cancel", ["runId": "r", "reason": "enough"])
        let cancelled = try client.next("$/cancelRequest") { $0["method"] == "$/cancelRequest" }
        #expect(cancelled["params"]?["id"] == execution.id)
        let runs: [JSONValue] = ["r", id, execution.params["runId"] ?? .null]
        for run in runs { #expect(try get(run)["status"] == "cancelled") }
    }

    @Test("A child that is cancelled alone fails its step; one that fails does so with its own kind")
    func fails() throws {
        let id = try begin(Self.child(["call": "work"]))
        try client.call("run/cancel", ["runId": id, "reason": "enough"])
        let cancelled = try client.runResult(of: "r")["error"]
        #expect(cancelled?["kind"] == "workflow.cancelled")
        #expect(cancelled?["step"] == "sub")
        #expect(cancelled?["message"]?.string?.contains("enough") == true)
        try client.call("run/create", started("s", parent))
        let execution = try client.next("step/execute") { message in
            message["method"] == "step/execute" && message["params"]?["runId"] != id
        }
        try Execution(client: client, id: execution["id"] ?? .null, params: nil).fail(
            code: 1, "It broke.", data: ["kind": "mine.broke"])
        #expect(try client.runResult(of: "s")["error"]?["kind"] == "mine.broke")
    }

    @Test("The child keeps the version that was there when its step started")
    func version() throws {
        let id = try begin(Self.child(["call": "work"], ["output": "old"]))
        try client.call("workflow/register", ["document": Self.child(["call": "work"], ["output": "new"])])
        try client.execution().succeed(nil)
        #expect(try client.runResult(of: "r")["output"] == "old")
        #expect(try get(id)["output"] == "old")
    }

    @Test("An unknown child, an input that does not fit, and children without end fail the step")
    func refused() throws {
        try client.call("run/create", started("r", parent))
        #expect(try client.runResult(of: "r")["error"]?["kind"] == "workflow.notFound")
        try client.call(
            "workflow/register", ["document": Self.child(["set": [:]], ["input": ["type": "integer"]])])
        try client.call("run/create", started("s", parent, ["input": "text"]))
        #expect(try client.runResult(of: "s")["error"]?["kind"] == "input.invalid")
        try client.call("workflow/register", ["document": workflow("endless", ["again": ["workflow": "endless"]])])
        try client.call("run/create", started("t", "endless"))
        #expect(try client.runResult(of: "t")["error"]?["kind"] == "limit.exceeded")
        #expect(try client.call("run/list", ["filter": ["workflow": "endless"]])["runs"]?.array?.count == 33)
    }

    @Test("kill -9 in the child: both go on where they were")
    func crash() throws {
        let flow = workflow(
            "child", ["one": ["call": "work", "next": "gate"], "gate": ["approval": ["message": "?"], "next": "END"]])
        let id = try begin(flow)
        try client.execution().succeed(1)
        let question = try #require(try client.call("execution/interactions")["interactions"]?[0])
        client.kill(with: 9)
        try client.waitForExit()
        let next = try Client(in: folder)
        try next.initialize()
        #expect(try next.call("run/get", ["runId": "r"])["status"] == "awaiting")
        try next.decide(question)
        #expect(try next.runResult(of: "r")["output"]?["status"] == "approved")
        #expect(next.performed.isEmpty)
        #expect(try next.call("run/get", ["runId": id])["status"] == "completed")
        _ = try next.events(of: "r")
    }

    @Test("Another engine on the store answers the child and cancels the parent; both hear of it")
    func otherEngine() throws {
        let other = try Client(in: folder)
        try other.initialize()
        let gate = Self.child(["approval": ["message": "?"]])
        _ = try begin(gate)
        try other.decide(try #require(try other.call("execution/interactions")["interactions"]?[0]), by: "elsewhere")
        #expect(try client.runResult(of: "r")["output"]?["approver"] == "elsewhere")
        try client.call("run/create", started("s", parent))
        let second = try child(of: "s")
        try other.call("run/cancel", ["runId": "s"])
        _ = try client.notification("run/cancelled", of: "s")
        #expect(try get(second)["status"] == "cancelled")
        _ = try client.notification("run/completed", of: "r")
        try client.checkTold(of: "r")
        try client.checkTold(of: "s")
    }

    @Test("A parent is deleted with its children")
    func delete() throws {
        let id = try begin(Self.child(["set": [:]]))
        #expect(try client.runResult(of: "r")["status"] == "completed")
        try client.call("run/delete", ["runId": "r"])
        #expect(try client.kind("run/get", ["runId": id]) == "run.notFound")
    }
}
