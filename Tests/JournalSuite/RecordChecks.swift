import JSON
import Testing
import WorkflowModel
import WorkflowStore

extension JournalSuite {
    static let recordChecks = [
        Check("Open interactions are listed oldest first, by namespace, run or execution; settled ones are found by id")
        { open in
            let journal = try open()
            let a = try journal.turn { try $0.insert(newRun("a")) }
            let b = try journal.turn { try $0.insert(newRun("b", namespace: "other")) }
            func put(_ id: String, _ run: Int64, _ execution: String, _ body: JSONValue = [:], isOpen: Bool = true)
                throws
            {
                try journal.put(InteractionRecord(id: id, run: run, executionID: execution, body: body, isOpen: isOpen))
            }
            _ = try journal.begin()
            try put("z", a, "a1")
            try put("y", b, "b1")
            try put("x", a, "a2")
            try put("w", a, "a2")
            try put("z", a, "a1", ["again": true])
            try put("w", a, "a2", ["status": "answered"], isOpen: false)
            try journal.commit()
            func ids(_ namespace: String?, _ run: Int64?) throws -> [String] {
                try journal.interactions(namespace: namespace, run: run).map(\.id)
            }
            #expect(try ids(nil, nil) == ["z", "y", "x"])
            #expect(try ids("tests", nil) == ["z", "x"])
            #expect(try ids(nil, b) == ["y"])
            #expect(try ids("tests", b) == [])
            #expect(try ids("other", b) == ["y"])
            #expect(try journal.interactions(executionID: "a2").map(\.id) == ["x"])
            #expect(try journal.interaction(id: "z")?.body == ["again": true])
            let settled = InteractionRecord(
                id: "w", run: a, executionID: "a2", body: ["status": "answered"], isOpen: false)
            #expect(try journal.interaction(id: "w") == settled)
        },
        Check("A bare workflow name finds the newest registered version, a version also what is merely kept") { open in
            let journal = try open()
            _ = try journal.begin()
            try journal.put("b", "2", at: 20)
            try journal.put("b", "1", at: 10)
            try journal.put("b", "3", at: 30, isRegistered: false)
            try journal.put("a", "x", at: 10)
            try journal.put("a", "y", at: 10)
            #expect(try journal.newest("b") == "2")
            #expect(try journal.newest("a") == "y")
            #expect(try journal.listed() == ["a@y", "b@2"])
            #expect(try journal.workflow(namespace: "tests", name: "b", version: "3")?.document == ["v": "3"])
            #expect(try journal.workflow(namespace: "other", name: "b", version: "1") == nil)
            try journal.put("b", "2", at: 20, isRegistered: false)
            #expect(try journal.newest("b") == "1")
            try journal.put("b", "1", at: 10, isRegistered: false)
            #expect(try journal.newest("b") == nil)
            #expect(try journal.listed() == ["a@y"])
            #expect(try journal.workflow(namespace: "tests", name: "b", version: "1")?.isRegistered == false)
            try journal.put("a", "x", at: 40)
            #expect(try journal.newest("a") == "x")
            try journal.commit()
            #expect(try open().workflows(namespace: "tests").map(\.version) == ["x"])
            #expect(try journal.workflows(namespace: "other") == [])
        },
        Check("What was answered under a key is kept by namespace") { open in
            let journal = try open()
            let answer = IdempotencyRecord(
                namespace: "tests", key: "k", request: "hash", response: ["id": 1, "n": 1e3])
            try journal.turn { try $0.put(answer) }
            #expect(try open().answer(namespace: "tests", key: "k") == answer)
            #expect(try journal.answer(namespace: "other", key: "k") == nil)
            #expect(try journal.answer(namespace: "tests", key: "other") == nil)
        },
    ]
}

extension Journal {
    fileprivate func put(_ name: String, _ version: String, at milliseconds: Int64, isRegistered: Bool = true) throws {
        let workflow = WorkflowRecord(
            namespace: "tests", name: name, version: version, document: ["v": .string(version)],
            registeredAt: moment(milliseconds), isRegistered: isRegistered)
        try put(workflow)
    }

    fileprivate func newest(_ name: String) throws -> String? {
        let version = try workflow(namespace: "tests", name: name, version: nil)?.version
        #expect(try newestVersion(ofWorkflow: name, namespace: "tests") == version)
        return version
    }

    /// Each workflow of the list as `name@version`.
    fileprivate func listed() throws -> [String] {
        try workflows(namespace: "tests").map { "\($0.name)@\($0.version)" }
    }
}
