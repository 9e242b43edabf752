import JSON
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("Creating runs")
struct CreationTests {
    private func create(_ request: RunRequest, _ bench: Bench) throws -> CreatedRun {
        try bench.ask { engine throws(EngineError) in try engine.create(request) }
    }

    @Test(
        "The same request under the same name gives the first answer again, also in another engine, and starts nothing")
    func repeated() throws {
        let world = World()
        let bench = world.engine()
        var byKey = request(one, id: nil)
        byKey.idempotencyKey = "k"
        for request in [request(one), byKey] {
            let first = try create(request, bench)
            #expect(try create(request, bench) == first)
            bench.succeed("\(first.runID)/a")
            #expect(try create(request, bench) == first)
            #expect(try create(request, world.engine("B")) == first)
        }
        #expect(bench.bodies.started.count == 2)
        #expect(try bench.journal.counts() == [.completed: 2])
    }

    @Test("Another request under a name that was used is a conflict, in every engine")
    func conflict() throws {
        let world = World()
        let bench = world.engine()
        var first = request(one)
        first.idempotencyKey = "k"
        _ = try create(first, bench)
        var (otherInput, otherFlow, otherLabels, otherStart, otherID) = (first, request(two), first, first, first)
        otherInput.input = 1
        otherFlow.idempotencyKey = "k"
        otherLabels.labels = ["a": 1]
        otherStart.starts = false
        otherID.runID = "another"
        for other in [otherInput, otherFlow, otherLabels, otherStart, otherID] {
            for engine in [bench, world.engine("B")] {
                guard case .idempotencyConflict? = refusal({ _ = try create(other, engine) }) else {
                    Issue.record("\(other) was taken for the first request.")
                    continue
                }
            }
        }
        #expect(try bench.journal.counts() == [.inProgress: 1])
    }

    @Test("Names belong to their namespace, ids of runs to the store")
    func namespaces() throws {
        let world = World()
        let (bench, other) = (world.engine("A"), world.engine("B", namespace: "other"))
        var byKey = request(one, id: nil)
        byKey.idempotencyKey = "k"
        #expect(try create(byKey, bench).runID != create(byKey, other).runID)
        _ = try create(request(one), bench)
        guard case .idempotencyConflict("r")? = refusal({ _ = try create(request(one), other) }) else {
            Issue.record("Two runs have one id.")
            return
        }
    }

    @Test("A run that is not started has its creation only, and costs no memory")
    func pending() throws {
        let bench = World().engine()
        var request = request(one)
        request.starts = false
        #expect(try create(request, bench) == CreatedRun(runID: "r", seq: 1, status: .pending, executionID: nil))
        #expect(bench.engine.runsInMemory == 0)
        #expect(bench.bodies.started.isEmpty)
        try bench.perform(.start(executionID: "e"))
        #expect(bench.bodies.started == ["r/a#1"])
        #expect(bench.bodies.attempt("r/a")?.executionID == "e")
    }

    @Test("What is wrong with a request is told, and leaves no run")
    func invalid() throws {
        let bench = World().engine()
        let document: JSONValue = ["name": "test", "flow": one, "input": ["type": "integer"]]
        var wrongInput = RunRequest(definition: .document(document), cwd: "/")
        wrongInput.input = "three"
        let unknown = RunRequest(definition: .registered(name: "nobody", version: nil), cwd: "/")
        let cases: [(RunRequest, String)] = [
            (request(["START": "nowhere"]), "workflowInvalid"),
            (request(one, options: ["timeout": ["ms": -1]]), "optionsInvalid"),
            (wrongInput, "inputInvalid"), (unknown, "workflowNotFound"),
            (request(["START": "a", "a": ["call": "strange"]]), "handlerMissing"),
        ]
        for (request, kind) in cases {
            let error = try #require(refusal { _ = try create(request, bench) })
            #expect("\(error)".hasPrefix(kind))
        }
        #expect(try bench.journal.counts().isEmpty)
        #expect(bench.engine.runsInMemory == 0)
    }

    @Test("An absent input is checked as null")
    func absentInput() throws {
        let bench = World().engine()
        for (schema, isTaken) in [(["type": "null"], true), (["type": "object"], false), (true, true), (false, false)]
            as [(JSONValue, Bool)]
        {
            let document: JSONValue = ["name": "test", "flow": one, "input": schema]
            let created = try? create(RunRequest(definition: .document(document), cwd: "/"), bench)
            #expect((created != nil) == isTaken)
        }
    }

    @Test("A step that this host does not allow fails in a run that was created here")
    func notPermitted() throws {
        let bench = World().engine()
        try bench.start(["START": "a", "a": ["command": ["true"]]])
        bench.turn()
        #expect(try bench.run().failure?.kind == "command.notAllowed")
    }

    @Test("A step that this host does not allow waits in a run that was created elsewhere")
    func notPermittedElsewhere() throws {
        let world = World()
        let bench = world.engine("A")
        bench.engine.configuration.performs = false
        try bench.start(["START": "a", "a": ["command": ["true"]]])
        let other = world.engine("B")
        other.turn()
        #expect(other.bodies.started.isEmpty)
        #expect(try other.row().status == .inProgress)
    }

    @Test("A run keeps the version it began with, and a bare name finds the newest")
    func versions() throws {
        let world = World()
        let bench = world.engine()
        let documents: [JSONValue] = [["name": "w", "flow": two], ["name": "w", "flow": one]]
        var named = RunRequest(definition: .registered(name: "w", version: nil), cwd: "/")
        named.starts = true
        var versions: [String] = []
        for (index, document) in documents.enumerated() {
            versions.append(
                try bench.ask { engine throws(EngineError) in try engine.register(document).workflow.version })
            named.runID = "r\(index)"
            _ = try create(named, bench)
        }
        #expect(versions[0] != versions[1])
        try bench.ask { engine throws(EngineError) in try engine.unregister("w") }
        bench.succeed("r0/a")
        #expect(bench.bodies.started == ["r0/a#1", "r1/a#1", "r0/b#1"])
        world.kill(bench)
        let other = world.engine("B")
        #expect(Set(other.bodies.started) == ["r0/b#2", "r1/a#2"])
        #expect(try (0...1).map { try other.row("r\($0)").version } == versions)
        guard
            case .workflowNotFound(name: "w", version: nil)? = refusal({
                named.runID = "r2"
                _ = try create(named, other)
            })
        else {
            Issue.record("A name that was taken back was found.")
            return
        }
    }

    @Test("The same content registered again is the same version, and nothing new")
    func registeredAgain() throws {
        let bench = World().engine()
        let documents: [JSONValue] = [["name": "w", "flow": one], ["flow": one, "name": "w"]]
        let versions = try documents.map { document in
            try bench.ask { engine throws(EngineError) in try engine.register(document).workflow.version }
        }
        #expect(versions[0] == versions[1])
        #expect(try bench.ask { engine throws(EngineError) in try engine.workflowRecords() }.count == 1)
    }

    @Test("The name of a deleted run is free")
    func deletedName() throws {
        let bench = World().engine()
        try bench.start(one)
        bench.succeed()
        try bench.ask { engine throws(EngineError) in try engine.delete("r", expectedSeq: nil) }
        try bench.start(one)
        #expect(try bench.run().status == .inProgress)
    }
}
