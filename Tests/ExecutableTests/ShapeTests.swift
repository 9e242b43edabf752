import JSON
import Testing

@Suite("Results and notifications have the documented members, and no other")
struct ShapeTests {
    private let folder: Folder
    private let client: Client

    private static let problem = Shape([
        "pointer": "string", "severity": "string", "kind": "id", "message": "id", "hint?": "string",
    ])
    private static let failure = Shape([
        "kind": "id", "message": "id", "retryable": "boolean", "step?": "id", "details?": "any",
    ])
    private static let handle = Shape([
        "runId": "id", "status": "id", "isPaused": "boolean", "seq": "integer", "executionId?": "id",
    ])
    private static let listed: KeyValuePairs<String, String> = [
        "runId": "id", "workflow": "object", "status": "id", "isPaused": "boolean", "cancelRequested?": "boolean",
        "waitingFor?": "array", "seq": "integer", "cwd": "id", "namespace": "id", "executionId?": "id",
        "error?": "object", "cancelReason?": "string", "progress": "object", "usage": "object", "labels": "object",
        "createdAt": "time", "startedAt?": "time", "endedAt?": "time", "parent?": "id",
    ]
    private static let details: KeyValuePairs = ["state": "object", "input": "any", "output?": "any"]
    private static let interaction: KeyValuePairs<String, String> = [
        "interactionId": "id", "runId": "id", "executionId": "id", "kind": "id", "message?": "string",
        "prompt?": "string", "show?": "any", "schema?": "any", "default?": "any", "approvers?": "array",
        "required?": "integer", "votes": "array", "onExpiry?": "id", "reason?": "id", "expiresAt?": "time",
        "createdAt": "time", "path": "id",
    ]
    private static let vote = Shape(["approver": "id", "decision": "id", "message?": "string", "at": "time"])

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
    }

    @Test("initialize")
    func initialize() throws {
        let result = try client.initialize()
        try Shape([
            "protocolVersion": "id", "serverInfo": "object", "capabilities": "object", "limits": "object",
            "schemaHash": "id", "recovered": "object",
        ]).check(result, "initialize")
        try Shape(["name": "id", "version": "id"]).check(result["serverInfo"], "serverInfo")
        try Shape(["runs": "integer"]).check(result["recovered"], "recovered")
        #expect(result["limits"]?["maxMessageBytes"]?.int == 16 << 20)
    }

    @Test("workflow/register, validate, list, get and unregister")
    func workflows() throws {
        try client.initialize()
        let doubtful = workflow("doubtful", ["one": ["set": [:]], "lost": ["set": [:]]], ["description": "Doubtful."])
        let registered = try client.call("workflow/register", ["document": doubtful])
        try Shape(["name": "id", "version": "id", "warnings": "array"]).check(registered, "workflow/register")
        try Self.problem.check(each: registered["warnings"], "a warning")
        #expect(try client.call("workflow/register", ["document": doubtful]) == registered)

        let wrong: JSONValue = [
            "name": "w", "flow": ["START": "a", "a": ["set": [:], "next": "b"], "c": ["call": 7]],
        ]
        let validated = try client.call("workflow/validate", ["document": wrong])
        try Shape(["valid": "boolean", "problems": "array"]).check(validated, "workflow/validate")
        try Self.problem.check(each: validated["problems"], "a problem")
        #expect(validated["valid"] == false)
        let pointers = validated["problems"]?.array?.compactMap { $0["pointer"]?.string } ?? []
        #expect(Set(pointers).isSuperset(of: ["/flow/a/next", "/flow/c/call"]))
        #expect(try client.call("workflow/validate", ["document": Documents.set]) == ["valid": true, "problems": []])

        try Shape(["name": "id", "version": "id", "description?": "string", "registeredAt": "time"])
            .check(each: client.call("workflow/list")["workflows"], "a workflow")
        let got = try client.call("workflow/get", ["name": "doubtful"])
        try Shape(["name": "id", "version": "id", "document": "object"]).check(got, "workflow/get")
        #expect(got["document"] == doubtful)
        #expect(try client.call("workflow/get", ["name": "doubtful", "expanded": true]) == got)
        let pattern: JSONValue = ["split": [1], "each": ["set": [:]], "merge": ["set": [:]]]
        try client.call("workflow/register", ["document": ["name": "pattern", "parallelization": pattern]])
        let expanded = try client.call("workflow/get", ["name": "pattern", "expanded": true])
        #expect(expanded["document"]?["flow"]?["each"]?["next"] == "merge")
        #expect(got["version"] == registered["version"])
        #expect(try client.call("workflow/unregister", ["name": "doubtful"]) == ["name": "doubtful"])
        #expect(try client.kind("workflow/get", ["name": "doubtful"]) == "workflow.notFound")
        #expect(try client.kind("run/create", ["workflow": "doubtful"]) == "workflow.notFound")
    }

    @Test("run/create, start, pause, resume and cancel")
    func handles() throws {
        try client.initialize()
        try Shape(["runId": "id", "seq": "integer", "status": "id"])
            .check(client.call("run/create", created("r", Documents.wait)), "run/create")
        try Shape(["runId": "id", "seq": "integer", "status": "id", "executionId": "id"])
            .check(client.call("run/create", started("s", Documents.wait)), "run/create with start")
        for method in ["run/start", "run/pause", "run/resume", "run/cancel"] {
            let handle = try client.call(method, ["runId": "r"])
            try Self.handle.check(handle, method)
            #expect(handle["executionId"]?.string != nil)
        }
    }

    @Test("run/get and run/list, of runs in each state")
    func runs() throws {
        try client.initialize(handlers: ["work"])
        for situation in Situation.allCases { try situation.bringAbout(situation.rawValue, client) }
        try client.call("run/create", started("labelled", Documents.call, ["input": ["n": 1], "labels": ["a": "b"]]))
        let inFull = Shape(Self.listed, and: Self.details)
        for situation in Situation.allCases {
            let run = try client.call("run/get", ["runId": .string(situation.rawValue)])
            try inFull.check(run, "run/get of a run that is \(situation)")
            try Shape(["name": "id", "version": "id"]).check(run["workflow"], "workflow")
            try Shape(["current": "integer", "total": "integer", "message?": "string"]).check(
                run["progress"], "progress")
            #expect((run["startedAt"] == nil) == (situation == .pending))
            #expect((run["endedAt"] != nil) == ["completed", "failed", "cancelled"].contains(situation.status))
            if let error = run["error"] { try Self.failure.check(error, "error") }
        }
        try Shape(Self.listed).check(each: client.call("run/list", ["limit": 100])["runs"], "a run of run/list")
        #expect(try client.call("run/get", ["runId": "labelled"])["labels"] == ["a": "b"])
        let waiting = try client.call("run/get", ["runId": "inProgress"])["waitingFor"]
        #expect(waiting?[0]?["kind"] == "timer")
    }

    @Test("run/result of runs that ended")
    func results() throws {
        try client.initialize()
        for situation in [Situation.completed, .failed, .cancelled] {
            try situation.bringAbout(situation.rawValue, client)
        }
        try Shape(["runId": "id", "status": "id", "output": "any"]).check(
            client.runResult(of: "completed"), "completed")
        let failed = try client.runResult(of: "failed")
        try Shape(["runId": "id", "status": "id", "error": "object"]).check(failed, "failed")
        try Self.failure.check(failed["error"], "error")
        #expect(failed["error"]?["kind"] == "no.good")
        #expect(failed["error"]?["message"] == "It is no good.")
        try Shape(["runId": "id", "status": "id", "reason?": "string"]).check(
            client.runResult(of: "cancelled"), "cancelled")
    }

    @Test("run/events, steps, decisions, logs and state")
    func history() throws {
        try client.initialize()
        let document = workflow(
            "all",
            [
                "work": [
                    "call": "work", "with": ["a": 1], "set": ["b": "${result}"],
                    "next": [["when": "result > 1", "to": "oops"], ["to": "END"]],
                ],
                "oops": ["fail": ["kind": "a.b", "message": "c"], "onError": "END"],
            ])
        try client.call("run/create", started("r", document))
        let execution = try client.execution()
        try execution.say("step/log", ["message": "hello"])
        try execution.succeed(2)
        _ = try client.runResult(of: "r")
        let page = try client.call("run/events", ["runId": "r"])
        try Shape(["events": "array", "oldestSeq": "integer", "lastSeq": "integer", "nextAfterSeq?": "integer"]).check(
            page, "run/events")
        try Shape(["seq": "integer", "at": "time", "type": "id", "executionId?": "id", "data": "object"])
            .check(each: page["events"], "an event")
        for event in page["events"]?.array ?? [] where event["type"]?.string?.hasPrefix("step/") == true {
            #expect(event["data"]?["path"]?.string != nil)
            #expect(event["data"]?["step"]?.string != nil)
            #expect(event["data"]?["attempt"]?.int != nil)
            if event["type"] == "step/completed" { #expect(event["data"]?["output"] != nil) }
        }
        try Shape([
            "path": "id", "step": "id", "kind": "id", "iteration": "integer", "status": "id", "attempt": "integer",
            "input": "any", "output?": "any", "error?": "object", "startedAt": "time", "endedAt?": "time",
            "durationMs?": "integer",
        ]).check(each: client.call("run/steps", ["runId": "r"])["steps"], "a step")
        try Shape([
            "seq": "integer", "at": "time", "from": "id", "to": "id", "path": "id", "condition?": "id", "value?": "any",
            "reason": "string",
        ]).check(each: client.call("run/decisions", ["runId": "r"])["decisions"], "a decision")
        let logs = try client.call("run/logs", ["runId": "r"])
        try Shape(["entries": "array", "nextAfterSeq?": "integer"]).check(logs, "run/logs")
        try Shape(["seq": "integer", "at": "time", "level": "id", "message": "string", "step?": "id"])
            .check(each: logs["entries"], "a log entry")
        try Shape(["runId": "id", "seq": "integer", "state": "object"]).check(
            client.call("run/state", ["runId": "r"]), "run/state")
    }

    @Test("execution/interactions, its notifications, and the answers")
    func people() throws {
        try client.initialize()
        let approval = workflow(
            "asks",
            [
                "ask": [
                    "approval": [
                        "message": "?", "show": [1], "approvers": ["a", "b", "c"], "required": 2,
                        "expiresAfterMs": 60_000,
                    ]
                ]
            ])
        try client.call("run/create", started("r", approval))
        try client.call("run/create", started("s", Documents.input))
        let asked = try client.notification("execution/approvalRequested")
        let prompted = try client.notification("execution/inputRequested")
        try client.call(
            "execution/respondApproval",
            ["interactionId": asked["interactionId"] ?? nil, "decision": "approved", "approver": "a"])
        let open = try client.call("execution/interactions")["interactions"]
        try Shape(Self.interaction).check(each: open, "an interaction")
        try Self.vote.check(each: open?[0]?["votes"], "a vote")
        let told = Shape(Self.interaction, and: ["seq": "integer", "at": "time"])
        try told.check(asked, "execution/approvalRequested")
        try told.check(prompted, "execution/inputRequested")
        #expect(asked["required"] == 2)
        #expect(asked["show"] == [1])
        let answered = try client.call(
            "execution/respondInput", ["interactionId": prompted["interactionId"] ?? nil, "value": 2])
        try Shape(["interactionId": "id", "resolved": "boolean", "seq": "integer"]).check(answered, "respondInput")
    }

    @Test("Journalled notifications have runId, executionId, seq and at; run/statusChanged has its own")
    func notifications() throws {
        try client.initialize()
        try client.call("run/create", started("r", Documents.set))
        _ = try client.notification("run/completed")
        let told = client.journalled(of: "r")
        for message in told {
            let params = message["params"]
            #expect(params?["seq"]?.int != nil)
            #expect(params?["at"]?.string != nil)
            #expect((params?["executionId"] != nil) == (message["method"] != "run/created"), "\(message)")
        }
        let changed = told.first { $0["method"] == "run/statusChanged" }?["params"]
        try Shape([
            "runId": "id", "executionId": "id", "seq": "integer", "at": "time", "status": "id", "isPaused": "boolean",
            "previous": "id",
        ]).check(changed, "run/statusChanged")
    }

    @Test("service methods")
    func service() throws {
        try client.initialize()
        #expect(
            try client.call("expression/evaluate", ["expression": "a + 1", "bindings": ["a": 41]]) == ["value": 42])
        #expect(try client.call("health/check") == ["status": "ok"])
        let stats = try client.call("stats/get")
        try Shape(["runs": "object", "attempts": "integer", "subscriptions": "integer", "uptimeMs": "integer"]).check(
            stats, "stats/get")
        let settings = try client.call("config/get")["settings"]
        try Shape(["name": "id", "value": "any", "layer": "id"]).check(each: settings, "a setting")
        let store = settings?.array?.first { $0["name"] == "store" }
        #expect(store?["value"]?.string == folder.store)
        #expect(store?["layer"] == "flag")
    }
}
