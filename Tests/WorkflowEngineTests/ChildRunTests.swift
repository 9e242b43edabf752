import JSON
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("Child runs")
struct ChildRunTests {
    private let parent: JSONValue = ["START": "c", "c": ["workflow": "child", "with": "${input}", "next": "END"]]

    /// An engine that knows a workflow `child`, and a run `r` whose step `c` runs it.
    private func family(
        _ world: World, child flow: JSONValue = ["START": "a", "a": ["call": "work", "next": "END"]],
        input schema: JSONValue = true, parent: JSONValue? = nil
    ) throws -> (bench: Bench, child: RunRecord) {
        let bench = world.engine()
        let document: JSONValue = ["name": "child", "input": schema, "flow": flow]
        try bench.ask { engine throws(EngineError) in _ = try engine.register(document) }
        try bench.start(parent ?? self.parent)
        var filter = RunFilter()
        filter.parent = "r"
        return (bench, try #require(try bench.journal.runs(filter, before: nil, limit: 10).first))
    }

    @Test("A child begins in its parent's commit, and its end is the step's end in one more")
    func life() throws {
        let world = World()
        let (bench, child) = try family(world)
        #expect(child.status == .inProgress)
        #expect(try bench.run().active.first?.input["runId"] == .string(child.id))
        #expect(try bench.run(child.id).creation.parent == ParentReference(runID: "r", path: "c", depth: 1))
        bench.succeed("\(child.id)/a", ["x": 1])
        #expect(try bench.row(child.id).status == .completed)
        #expect(try bench.row().status == .completed)
        #expect(try bench.run().output == ["x": 1])
    }

    @Test("A child does not end while its parent cannot be told: both move in one commit, later")
    func parentCannotBeRead() throws {
        let world = World()
        let (bench, child) = try family(world)
        bench.journal.broken = [.read]
        bench.succeed("\(child.id)/a", ["x": 1])
        bench.journal.broken = []
        #expect(try bench.row(child.id).status == .inProgress)
        world.pass(200)
        #expect(try bench.row(child.id).status == .completed)
        #expect(try bench.row().status == .completed)
        #expect(bench.bodies.started.count == 1)
    }

    @Test("Pause, resume and cancel reach the child in the same turn")
    func controls() throws {
        let world = World()
        let (bench, child) = try family(world)
        try bench.perform(.pause)
        #expect(try bench.row(child.id).isPaused)
        try bench.perform(.resume)
        #expect(try !bench.row(child.id).isPaused)
        try bench.perform(.cancel(reason: "no"))
        #expect(try bench.row(child.id).status == .cancelled)
        #expect(bench.bodies.attempt("\(child.id)/a") == nil)
    }

    @Test("A child that is cancelled alone fails its step")
    func cancelledAlone() throws {
        let (bench, child) = try family(World())
        try bench.perform(.cancel(reason: "no"), on: child.id)
        #expect(try bench.run().failure?.kind == "workflow.cancelled")
    }

    @Test("A child that fails fails its step with its own kind")
    func failure() throws {
        let (bench, child) = try family(World())
        bench.fail("\(child.id)/a")
        #expect(try bench.run().failure?.kind == "test.failed")
        #expect(try bench.run().failure?.step == "c")
    }

    @Test("The parent awaits while the child does")
    func awaiting() throws {
        let (bench, child) = try family(
            World(), child: ["START": "g", "g": ["approval": ["message": "?"], "next": "END"]])
        #expect(try bench.row().status == .awaiting)
        try bench.perform(approval(try bench.question()), on: child.id)
        #expect(try bench.row().status == .completed)
        #expect(
            try bench.types().suffix(4) == [
                "run/statusChanged", "step/completed", "run/statusChanged", "run/completed",
            ])
    }

    @Test("An input that does not fit fails the step; no child stays")
    func badInput() throws {
        let world = World()
        let bench = world.engine()
        let document: JSONValue = ["name": "child", "input": ["type": "string"], "flow": ["START": "END"]]
        try bench.ask { engine throws(EngineError) in _ = try engine.register(document) }
        try bench.start(parent)
        #expect(try bench.run().failure?.kind == "input.invalid")
        var filter = RunFilter()
        filter.parent = "r"
        #expect(try bench.journal.runs(filter, before: nil, limit: 10).isEmpty)
    }

    @Test("The step's timeout cancels the child")
    func timeout() throws {
        let world = World()
        let (bench, child) = try family(
            world, parent: ["START": "c", "c": ["workflow": "child", "timeoutMs": 100, "next": "END"]])
        world.pass(100)
        bench.turn()
        #expect(try bench.run().failure?.kind == "step.timedOut")
        #expect(try bench.row(child.id).status == .cancelled)
    }

    @Test("After a crash the child goes on elsewhere, and its parent with it")
    func crash() throws {
        let world = World()
        let (bench, child) = try family(world)
        world.kill(bench)
        let heir = world.engine("B")
        heir.succeed("\(child.id)/a", 7)
        #expect(try heir.run().output == 7)
    }

    @Test("Children go with their parent when it is deleted, and theirs too")
    func deletion() throws {
        let (bench, child) = try family(World())
        bench.succeed("\(child.id)/a")
        try bench.ask { engine throws(EngineError) in _ = try engine.delete("r", expectedSeq: nil) }
        #expect(try bench.journal.run(id: child.id) == nil)
    }

    @Test("A workflow that calls itself without end comes to a limit")
    func recursion() throws {
        let (bench, _) = try family(
            World(), child: ["START": "c", "c": ["workflow": "child", "next": "END"]])
        #expect(try bench.run().failure?.kind == "limit.exceeded")
        var counts: [RunStatus: Int] = [:]
        for record in try bench.journal.runs(RunFilter(), before: nil, limit: 100) {
            counts[record.status, default: 0] += 1
        }
        #expect(counts == [.failed: 33])
    }

    @Test("A child that fails at once takes along the one that would have begun beside it")
    func failedTogether() throws {
        let child: JSONValue = [
            "START": "a", "a": ["set": ["n": 1], "next": [["when": "input == 1", "to": "bad"], ["to": "b"]]],
            "bad": ["fail": ["kind": "test.said", "message": "No."]], "b": ["call": "work"],
        ]
        let both: JSONValue = ["x": ["workflow": "child", "with": 1], "y": ["workflow": "child", "with": 2]]
        let world = World()
        let (bench, _) = try family(world, child: child, parent: ["START": "p", "p": ["parallel": both]])
        #expect(try bench.row().status == .failed)
        var filter = RunFilter()
        filter.parent = "r"
        let children = try bench.journal.runs(filter, before: nil, limit: 10)
        #expect(children.allSatisfy { $0.status.isTerminal }, "\(children.map(\.status))")
    }

    @Test("A child that ends at once may be run hundreds of times")
    func manyInARow() throws {
        let loop: JSONValue = [
            "START": "c",
            "c": ["workflow": "child", "next": [["when": "iteration < 900", "to": "c"], ["to": "END"]]],
        ]
        let (bench, _) = try family(World(), child: ["START": "a", "a": ["set": ["n": 1]]], parent: loop)
        #expect(try bench.row().status == .completed)
    }
}
