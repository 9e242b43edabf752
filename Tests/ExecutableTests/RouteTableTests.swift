import JSON
import Testing

/// A member of the params that is wrong, and where the error must point.
struct WrongMember: CustomTestStringConvertible, Sendable {
    let method: String
    let params: JSONValue
    let pointer: String

    init(_ method: String, _ params: JSONValue, _ pointer: String) {
        self.method = method
        self.params = params
        self.pointer = pointer
    }

    var testDescription: String { "\(method) \(params)" }
}

@Suite("Every method of the contract is there, and points at what is wrong")
struct RouteTableTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize()
    }

    static let methods = [
        "initialize", "shutdown", "health/check", "stats/get", "config/get", "expression/evaluate",
        "workflow/register", "workflow/validate", "workflow/list", "workflow/get", "workflow/diagram",
        "workflow/unregister",
        "run/create", "run/start", "run/pause", "run/resume", "run/cancel", "run/get", "run/list", "run/result",
        "run/delete", "run/events", "run/subscribe", "run/unsubscribe", "run/steps", "run/decisions", "run/logs",
        "run/state", "run/fork", "run/export", "run/import", "run/prune", "execution/interactions",
        "execution/respondInput", "execution/respondApproval",
    ]

    @Test("None of them is unknown")
    func known() throws {
        for method in Self.methods where method != "shutdown" {
            let answer = try client.answer(to: client.request(method, [:]))
            #expect(answer["error"]?["code"] != -32601, "\(method)")
        }
        #expect(try client.answer(to: client.request("shutdown", [:]))["result"] == .some(.null))
    }

    @Test("initialize tells them all, and no other")
    func told() throws {
        let other = try Client(in: folder)
        let listed = try other.initialize()["capabilities"]?["methods"]?.array?.compactMap(\.string) ?? []
        #expect(Set(listed).isSuperset(of: Self.methods))
        for method in listed where !Self.methods.contains(method) {
            #expect(try client.answer(to: client.request(method, [:]))["error"]?["code"] != -32601)
        }
    }

    static let runMethods = [
        "run/start", "run/pause", "run/resume", "run/cancel", "run/get", "run/result", "run/delete", "run/events",
        "run/subscribe", "run/unsubscribe", "run/steps", "run/decisions", "run/logs", "run/state",
    ]

    static let wrong: [WrongMember] =
        runMethods.map { WrongMember($0, ["runId": 7], "/runId") } + runMethods.map { WrongMember($0, [:], "/runId") }
        + ["run/start", "run/pause", "run/resume", "run/cancel", "run/delete"].map {
            WrongMember($0, ["runId": "r", "expectedSeq": "1"], "/expectedSeq")
        } + [
            WrongMember("run/cancel", ["runId": "r", "reason": []], "/reason"),
            WrongMember("run/result", ["runId": "r", "waitMs": 1.5], "/waitMs"),
            WrongMember("run/events", ["runId": "r", "afterSeq": "0"], "/afterSeq"),
            WrongMember("run/events", ["runId": "r", "limit": true], "/limit"),
            WrongMember("run/events", ["runId": "r", "maxBytes": [:]], "/maxBytes"),
            WrongMember("run/subscribe", ["runId": "r", "afterSeq": "x"], "/afterSeq"),
            WrongMember("run/logs", ["runId": "r", "limit": "many"], "/limit"),
            WrongMember("run/state", ["runId": "r", "atSeq": "x"], "/atSeq"),
            WrongMember("run/state", ["runId": "r", "atSeq": 0], "/atSeq"),
            WrongMember("run/state", ["runId": "r", "atSeq": 99], "/atSeq"),
            WrongMember("run/fork", ["fromSeq": 1], "/runId"),
            WrongMember("run/fork", ["runId": "r", "fromSeq": "1"], "/fromSeq"),
            WrongMember("run/create", [:], "/workflow"),
            WrongMember("run/create", ["workflow": 7], "/workflow"),
            WrongMember("run/create", ["workflow": "w", "version": 1], "/version"),
            WrongMember("run/create", ["workflow": "w", "options": []], "/options"),
            WrongMember(
                "run/create", ["workflow": Documents.set, "options": ["timeout": ["ms": "long"]]], "/options/timeout/ms"
            ),
            WrongMember("run/create", ["workflow": "w", "labels": "x"], "/labels"),
            WrongMember("run/create", ["workflow": "w", "start": "yes"], "/start"),
            WrongMember("run/create", ["workflow": "w", "runId": "a b"], "/runId"),
            WrongMember("run/create", ["workflow": "w", "idempotencyKey": 1], "/idempotencyKey"),
            WrongMember("run/list", ["filter": [1]], "/filter"),
            WrongMember("run/list", ["filter": ["status": ["lost"]]], "/filter/status/0"),
            WrongMember("run/list", ["filter": ["createdAfter": "yesterday"]], "/filter/createdAfter"),
            WrongMember("run/list", ["filter": ["isPaused": "no"]], "/filter/isPaused"),
            WrongMember("run/list", ["cursor": "nonsense"], "/cursor"),
            WrongMember("run/list", ["limit": "ten"], "/limit"),
            WrongMember("workflow/register", [:], "/document"),
            WrongMember("workflow/validate", [:], "/document"),
            WrongMember("workflow/get", ["name": 1], "/name"),
            WrongMember("workflow/diagram", [:], "/workflow"),
            WrongMember("workflow/diagram", ["workflow": 7], "/workflow"),
            WrongMember("workflow/diagram", ["workflow": "w", "runId": "r"], "/runId"),
            WrongMember("workflow/diagram", ["runId": 7], "/runId"),
            WrongMember("workflow/diagram", ["workflow": "w", "version": 1], "/version"),
            WrongMember("workflow/diagram", ["workflow": "w", "format": "png"], "/format"),
            WrongMember("workflow/unregister", ["name": []], "/name"),
            WrongMember("expression/evaluate", ["expression": 1], "/expression"),
            WrongMember("expression/evaluate", ["expression": "1", "bindings": []], "/bindings"),
            WrongMember("execution/interactions", ["runId": 1], "/runId"),
            WrongMember("execution/respondInput", ["value": 1], "/interactionId"),
            WrongMember("execution/respondInput", ["interactionId": "x", "by": 1], "/by"),
            WrongMember("execution/respondApproval", ["interactionId": "x"], "/decision"),
            WrongMember(
                "execution/respondApproval", ["interactionId": "x", "decision": "yes", "approver": "a"], "/decision"),
        ]

    @Test("A wrong member is -32602 with its pointer")
    func wrongMembers() throws {
        try client.call("run/create", created("r", Documents.set))
        for wrong in Self.wrong {
            let error = try client.answer(to: client.request(wrong.method, wrong.params))["error"]
            #expect(error?["code"] == -32602, "\(wrong.testDescription)")
            #expect(error?["data"]?["pointer"]?.string == wrong.pointer, "\(wrong.testDescription)")
            #expect(error?["message"]?.string?.isEmpty == false)
        }
    }

    @Test("Params that are an array are -32602")
    func positional() throws {
        for method in Self.methods where method != "shutdown" && method != "initialize" {
            #expect(try client.refusal(method, [1, 2])["code"] == -32602, "\(method)")
        }
    }

    @Test("Optional members that are null count as absent")
    func nulls() throws {
        try client.call(
            "run/create",
            [
                "workflow": Documents.set, "version": nil, "input": nil, "options": nil, "runId": nil,
                "idempotencyKey": nil, "labels": nil, "start": nil, "cwd": nil,
            ])
        try client.call("run/list", ["filter": nil, "cursor": nil, "limit": nil, "namespace": nil])
        try client.call("run/list", ["filter": ["status": nil, "labels": nil, "workflow": nil]])
        try client.call("execution/interactions", nil)
    }
}
