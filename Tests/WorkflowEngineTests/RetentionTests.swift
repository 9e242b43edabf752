import JSON
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("Runs that ended long ago")
struct RetentionTests {
    private let world = World()

    @Test("go with their children, in pages, and the rest stays")
    func pages() throws {
        let bench = world.engine()
        for id in ["a", "b", "c"] {
            try bench.start(one, id: id)
            bench.succeed("\(id)/a")
        }
        try bench.ask { engine throws(EngineError) in _ = try engine.register(["name": "other", "flow": one]) }
        try bench.start(["START": "sub", "sub": ["workflow": "other"]], id: "parent")
        let child = try #require(try bench.run("parent").children.first)
        bench.succeed("\(child)/a")
        world.pass(1000)
        try bench.start(two, id: "going")
        try bench.start(one, id: "young")
        bench.succeed("young/a")

        let filter = RetentionFilter(endedBefore: world.clock.now + .milliseconds(-500))
        let all = try prune(bench, filter, limit: 99, isDry: true)
        #expect(all.runs.map(\.record.id) == ["a", "b", "c", "parent"])
        #expect(all.runs.map(\.children) == [0, 0, 0, 1])
        #expect(try bench.journal.counts()[.completed] == 6)

        let first = try prune(bench, filter, limit: 2)
        #expect(first.runs.map(\.record.id) == ["a", "b"])
        let second = try prune(bench, filter, after: try #require(first.next), limit: 3)
        #expect(second.runs.map(\.record.id) == ["c", "parent"])
        #expect(second.next == nil)
        #expect(second.leftovers.answers == 4)
        #expect(try bench.journal.counts() == [.completed: 1, .inProgress: 1])
        #expect(try bench.journal.run(id: child) == nil)
        bench.succeed("going/a")
        #expect(bench.bodies.started.last == "going/b#1")
        guard case .runNotFound("a")? = refusal({ _ = try bench.run("a") }) else {
            Issue.record("It is still there.")
            return
        }
        try bench.start(one, id: "a")
        #expect(try bench.types("a").first == "run/created", "The name is free again.")
    }

    @Test("take with them the versions that no run has any more")
    func versions() throws {
        let bench = world.engine()
        try bench.ask { engine throws(EngineError) in _ = try engine.register(["name": "named", "flow": one]) }
        var request = RunRequest(definition: .registered(name: "named", version: nil), cwd: "/")
        request.runID = "r"
        request.starts = true
        try bench.ask { [request] engine throws(EngineError) in try engine.create(request) }
        bench.succeed()
        let version = try bench.row().version
        world.pass(1000)
        let filter = RetentionFilter(endedBefore: world.clock.now)
        #expect(try prune(bench, filter, isDry: true).leftovers == Leftovers())
        try bench.ask { engine throws(EngineError) in try engine.unregister("named") }
        #expect(try prune(bench, filter).leftovers.workflows == 1)
        #expect(try bench.journal.workflow(namespace: "default", name: "named", version: version) == nil)
    }

    @Test("stay while something of them has not ended")
    func family() throws {
        let bench = world.engine()
        try bench.start(one, id: "r")
        bench.succeed()
        _ = try bench.journal.turn { journal in
            var child = RunRecord(
                id: "child", namespace: "default", workflow: "test", version: try bench.row().version,
                status: .inProgress, cwd: "/", createdAt: world.clock.now)
            child.parent = "r"
            return try journal.insert(child)
        }
        world.pass(1000)
        #expect(try prune(bench, RetentionFilter(endedBefore: world.clock.now)).runs.isEmpty)
        #expect(try bench.row().status == .completed)
    }

    @Test("are all there when their removal cannot be committed")
    func failedCommit() throws {
        let bench = world.engine()
        try bench.start(one, id: "r")
        bench.succeed()
        world.pass(1000)
        bench.journal.broken = [.commit]
        _ = try prune(bench, RetentionFilter(endedBefore: world.clock.now))
        bench.journal.broken = []
        #expect(try bench.run().status == .completed)
    }

    private func prune(
        _ bench: Bench, _ filter: RetentionFilter, after key: Int64 = 0, limit: Int = 99, isDry: Bool = false
    ) throws -> PrunedPage {
        try bench.ask { engine throws(EngineError) in
            try engine.prune(filter, after: key, limit: limit, isDry: isDry)
        }
    }
}

extension Journal {
    /// A turn of somebody else's.
    fileprivate func turn<Result>(_ body: (Self) throws -> Result) throws -> Result {
        _ = try begin()
        let result = try body(self)
        try commit()
        return result
    }
}
