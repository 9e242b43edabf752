import JSON
import Testing

@Suite("The same request is done once, also after a restart")
struct IdempotencyTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func open(_ members: JSONObject = [:]) throws -> Client {
        let client = try Client(in: folder)
        try client.initialize(members)
        return client
    }

    @Test(
        "A runId, or an idempotencyKey, with the same request gives the first answer again",
        arguments: ["runId", "idempotencyKey"])
    func same(member: String) throws {
        let params: JSONValue = JSONValue.object(["workflow": Documents.wait, "start": true])
            .replacing(member, with: "mine")
        var client = try open()
        let first = try client.call("run/create", params)
        #expect(first["seq"]?.int ?? 0 > 1)
        #expect(try client.call("run/create", params) == first)
        try client.call("run/cancel", ["runId": first["runId"] ?? .null])
        #expect(try client.call("run/create", params) == first)
        client.kill(with: 9)
        try client.waitForExit()
        client = try open()
        #expect(try client.call("run/create", params) == first)
        #expect(try client.call("run/list")["runs"]?.array?.count == 1)
        let other = params.replacing("input", with: 5)
        let error = try client.refusal("run/create", other)
        #expect(error["data"]?["kind"] == "idempotency.conflict")
        #expect(error["data"]?["retryable"] == false)
    }

    @Test("Keys belong to a namespace, run ids to the store")
    func namespaces() throws {
        let params: JSONValue = ["workflow": Documents.wait, "idempotencyKey": "k"]
        let first = try open().call("run/create", params)
        let other = try open(["namespace": "other"]).call("run/create", params)
        #expect(first["runId"] != other["runId"])
    }

    @Test("Two requests of one write with one key make one run")
    func atOnce() throws {
        let client = try open()
        let params: JSONValue = ["workflow": Documents.set, "idempotencyKey": "k", "start": true]
        try client.send(
            together: (0..<5).map {
                ["jsonrpc": "2.0", "id": JSONValue(100 + $0), "method": "run/create", "params": params]
            })
        let results = try (0..<5).map { try client.answer(to: JSONValue(100 + $0))["result"] }
        #expect(Set(results).count == 1)
        #expect(try client.call("run/list")["runs"]?.array?.count == 1)
    }

    @Test("Two engines that are asked at once with one key make one run")
    func twoEngines() throws {
        let clients = [try open(), try open()]
        for round in 0..<5 {
            let params: JSONValue = ["workflow": Documents.set, "idempotencyKey": .string("k\(round)"), "start": true]
            let ids = try clients.map { try $0.request("run/create", params) }
            let results = try zip(clients, ids).map { try $0.answer(to: $1)["result"] }
            #expect(results[0] != nil)
            #expect(results[0] == results[1])
        }
    }

    @Test(
        "A client's id is 1 to 64 of the allowed characters",
        arguments: ["", "a b", "ä", "a/b", String(repeating: "x", count: 65)])
    func badRunID(id: String) throws {
        let error = try open().refusal("run/create", created(id, Documents.set))
        #expect(error["code"] == -32602)
        #expect(error["data"]?["pointer"] == "/runId")
    }
}

extension JSONValue {
    /// The object with a member changed.
    func replacing(_ name: String, with value: JSONValue) -> JSONValue {
        var members = object ?? [:]
        members[name] = value
        return .object(members)
    }
}
