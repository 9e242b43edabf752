import JSON
import RPC
import Testing

@testable import Terminal

@Suite struct RunReferenceTests {
    private static let ids = ["0199aaaa-0000-7001", "0199aaaa-0000-7002", "0199bbbb-0000-7003", "nightly"]

    private static let service = FakeService { method, params in
        switch method {
        case "run/get":
            guard let id = params["runId"]?.string, ids.contains(id) else {
                let data: JSONValue = ["kind": "run.notFound"]
                return .init(answer: .failure(RPCError(code: -32000, message: "There is no such run.", data: data)))
            }
            return .init(answer: .success(["runId": .string(id), "status": "completed"]))
        case "run/list":
            // A page at a time, so that a reader who stops early misses some.
            let start = params["cursor"]?.string.flatMap { Int($0) } ?? 0
            var page: JSONObject = ["runs": [["runId": .string(ids[start])]]]
            if start + 1 < ids.count { page["nextCursor"] = .string(String(start + 1)) }
            return .init(answer: .success(.object(page)))
        default: return nil
        }
    }

    @Test(
        "A run goes by its ID, by a prefix that only it has, or as the last one",
        arguments: [
            ("nightly", "nightly"), ("nigh", "nightly"), ("0199b", "0199bbbb-0000-7003"),
            ("last", "0199aaaa-0000-7001"),
        ])
    func finds(reference: String, id: String) throws {
        let performance = try Performance.of(["show", reference, "--json"], on: Self.service)
        #expect(performance.exitCode == .completed)
        #expect(try JSONValue(parsing: performance.output)["run"]?["runId"] == .string(id))
    }

    @Test(
        "A reference that names none or several is refused, with what would help",
        arguments: [
            ("nig", "A prefix needs at least 4 characters."), ("xxxx", "See: fermata list --all"),
            ("0199aaaa", "0199aaaa-0000-7002"),
        ])
    func refuses(reference: String, hint: String) throws {
        let performance = try Performance.of(["show", reference], on: Self.service)
        #expect(performance.exitCode == .usage)
        #expect(performance.errors.contains(hint))
    }

    @Test("A list shows as much of an ID as tells the runs apart")
    func shortens() throws {
        let service = FakeService { method, _ in
            let runs = ["0199aaaa-0000-7001-8000-1", "0199aaaa-0000-7002-8000-2", "nightly"].map { id -> JSONValue in
                [
                    "runId": .string(id), "workflow": ["name": "ship"], "status": "awaiting",
                    "isPaused": .bool(id == "nightly"),
                    "progress": ["current": 3],
                ]
            }
            return method == "run/list" ? .init(answer: .success(["runs": .array(runs)])) : nil
        }
        let performance = try Performance.of(["list"], on: service)
        #expect(
            performance.output == """
                RUN                 WORKFLOW  STATUS    STEPS  CREATED  TOOK
                0199aaaa-0000-7001  ship      awaiting  3
                0199aaaa-0000-7002  ship      awaiting  3
                nightly             ship      paused    3

                """)
    }

    @Test("A question goes by its run, its execution or itself; an answer that is not JSON is told how to quote a text")
    func answers() throws {
        let service = FakeService { method, _ in
            guard method == "execution/interactions" else { return nil }
            let open: [JSONValue] = [
                [
                    "interactionId": "ask-1", "executionId": "exec-1", "runId": "run-1", "kind": "approval",
                    "message": "Ship?",
                ],
                [
                    "interactionId": "ask-2", "executionId": "exec-1", "runId": "run-1", "kind": "input",
                    "prompt": "Name?",
                ],
                [
                    "interactionId": "ask-3", "executionId": "exec-2", "runId": "run-2", "kind": "input",
                    "prompt": "Age?",
                ],
            ]
            return .init(answer: .success(["interactions": .array(open)]))
        }
        #expect(try Performance.of(["approve", "run-1", "--reject", "--as", "bo"], on: service).exitCode == .completed)
        let vote = try #require(service.params(of: "execution/respondApproval").first)
        #expect(vote == ["decision": "rejected", "approver": "bo", "interactionId": "ask-1"])
        for id in ["exec-2", "ask-3", "run-2"] {
            #expect(try Performance.of(["answer", id, "36"], on: service).exitCode == .completed)
        }
        #expect(
            service.params(of: "execution/respondInput").map { $0["interactionId"] } == ["ask-3", "ask-3", "ask-3"])
        let refused = try Performance.of(["answer", "run-1", "Ada"], on: service)
        #expect(refused.exitCode == .usage)
        #expect(refused.errors.hasSuffix("A text stands in quotes: '\"Ada\"'\n"))
        #expect(try Performance.of(["answer", "nobody", "1"], on: service).exitCode == .usage)
    }
}
