import JSON
import Testing
import WorkflowModel
import WorkflowStore

extension JournalSuite {
    static let retentionChecks = [
        Check("The runs that ended before a moment are found page by page, and none that belongs to another run") {
            open in
            let journal = try open()
            try journal.turn { journal in
                for (id, status, endedAt) in [
                    ("old", .completed, 10), ("older", .failed, 5), ("new", .completed, 30), ("cut", .cancelled, 20),
                    ("going", .inProgress, nil), ("waiting", .pending, nil), ("child", .completed, 1),
                    ("orphan", .completed, 1),
                ] as [(String, RunStatus, Int64?)] {
                    var run = newRun(id, namespace: id == "older" ? "other" : "tests", status: status)
                    run.endedAt = endedAt.map(moment)
                    run.parent = ["child": "going", "orphan": "gone"][id]
                    _ = try journal.insert(run)
                }
            }
            var filter = RetentionFilter(endedBefore: moment(20))
            func ids(after key: Int64 = 0, limit: Int = 9) throws -> [String] {
                try journal.runsEnded(filter, after: key, limit: limit).map(\.id)
            }
            #expect(try ids() == ["old", "older", "orphan"])
            let key = try #require(try journal.run(id: "old")).key
            #expect(try ids(limit: 1) == ["old"])
            #expect(try ids(after: key) == ["older", "orphan"])
            filter.namespace = "tests"
            #expect(try ids() == ["old", "orphan"])
            filter.namespace = nil
            filter.statuses = [.failed, .cancelled]
            #expect(try ids() == ["older"])
            filter.endedBefore = moment(21)
            #expect(try ids() == ["older", "cut"])
        },
        Check("What no run needs is swept: versions that are not registered, answers about runs that are gone") {
            open in
            let journal = try open()
            func workflow(_ version: String, isRegistered: Bool, namespace: String = "tests") -> WorkflowRecord {
                WorkflowRecord(
                    namespace: namespace, name: "greet", version: version, document: [:], registeredAt: moment(1),
                    isRegistered: isRegistered)
            }
            func answer(_ key: String, _ response: JSONValue) -> IdempotencyRecord {
                IdempotencyRecord(namespace: "tests", key: key, request: "", response: response)
            }
            try journal.turn { journal in
                _ = try journal.insert(newRun("r"))
                try journal.put(workflow("v1", isRegistered: false))
                try journal.put(workflow("v1", isRegistered: false, namespace: "other"))
                try journal.put(workflow("v2", isRegistered: false))
                try journal.put(workflow("v3", isRegistered: true))
                try journal.put(answer("kept", ["runId": "r"]))
                try journal.put(answer("stale", ["runId": "gone"]))
                try journal.put(answer("strange", [:]))
            }
            func left() throws -> [String] {
                var left: [String] = []
                for version in ["v1", "v2", "v3"]
                where try journal.workflow(namespace: "tests", name: "greet", version: version) != nil {
                    left.append(version)
                }
                for key in ["kept", "stale", "strange"] where try journal.answer(namespace: "tests", key: key) != nil {
                    left.append(key)
                }
                return left
            }
            _ = try journal.begin()
            #expect(try journal.sweep() == Leftovers(workflows: 2, answers: 2))
            #expect(try left() == ["v1", "v3", "kept"])
            journal.rollback()
            #expect(try left().count == 6)
            #expect(try journal.turn { try $0.sweep() } == Leftovers(workflows: 2, answers: 2))
            #expect(try journal.turn { try $0.sweep() } == Leftovers())
            #expect(try left() == ["v1", "v3", "kept"])
            #expect(try journal.workflow(namespace: "other", name: "greet", version: "v1") == nil)
        },
    ]
}
