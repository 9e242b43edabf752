import JSON
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("A run that is forked")
struct ForkTests {
    @Test("has the other's journal word for word, and then its own")
    func journal() throws {
        let bench = World().engine()
        try bench.start(three)
        bench.succeed("r/a", "one")
        bench.succeed("r/b", "two")
        _ = bench.history.take()
        let created = try fork(bench, .step("b"), starts: true)
        #expect(
            try bench.types("f") == [
                "run/created", "run/statusChanged", "step/started", "step/completed", "run/forked",
                "run/statusChanged", "step/started",
            ])
        let (old, new) = (try events("r", bench), try events("f", bench))
        for (left, right) in zip(old, new).prefix(4) { #expect((left.at, left.event) == (right.at, right.event)) }
        #expect(bench.history.take().filter { $0.hasPrefix("start") } == ["start b#1"])
        #expect(created.status == .inProgress)
        #expect(try bench.row("r").status == .inProgress)
        #expect(bench.bodies.attempt("f/b")?.idempotencyKey == "f:b")
        bench.succeed("f/b")
        bench.succeed("f/c")
        #expect(try bench.run("f").status == .completed)
        #expect(bench.bodies.reporter("r/c") != nil, "The other goes on as it was.")
    }

    @Test("keeps its own question, and leaves the other's alone")
    func question() throws {
        let bench = World().engine()
        try bench.start(gate)
        let old = try bench.question()
        try fork(bench, .seq(try bench.run().seq), starts: true)
        let open = try bench.journal.interactions(namespace: nil, run: nil).map(\.id)
        #expect(open.count == 2)
        #expect(open.first == old)
        try bench.perform(approval(open[1]), on: "f")
        #expect(bench.bodies.started == ["f/a#1"])
        #expect(try bench.row("r").status == .awaiting)
    }

    @Test("leaves the other's child alone, and has one of its own")
    func child() throws {
        let bench = World().engine()
        try bench.ask { engine throws(EngineError) in
            _ = try engine.register(["name": "other", "flow": one])
        }
        try bench.start(["START": "sub", "sub": ["workflow": "other"]])
        let child = try #require(try bench.run().children.first)
        try fork(bench, .seq(try bench.run().seq), starts: true)
        #expect(try bench.run(child).status == .inProgress)
        let own = try #require(try bench.run("f").children.first)
        #expect(own != child)
        #expect(try bench.run(own).creation.parent?.runID == "f")
        bench.succeed("\(own)/a", "mine")
        #expect(try bench.run("f").output == "mine")
        #expect(try bench.run("r").status == .inProgress)
    }

    @Test("outlives the other, its workflow's name and the engine")
    func outlives() throws {
        let world = World()
        let bench = world.engine()
        try bench.start(two)
        bench.succeed("r/a", "kept")
        try fork(bench, .seq(4), starts: false)
        try bench.perform(.cancel(reason: nil))
        try bench.ask { engine throws(EngineError) in try engine.delete("r", expectedSeq: nil) }
        world.kill(bench)
        let second = world.engine("B")
        #expect(try second.run("f").status == .pending)
        try second.perform(.start(executionID: "own"), on: "f")
        #expect(second.bodies.started == ["f/b#1"])
    }

    @Test("belongs to who asked for it")
    func namespace() throws {
        let world = World()
        let (bench, other) = (world.engine(), world.engine("B", namespace: "theirs"))
        try bench.start(two)
        bench.succeed("r/a")
        try fork(other, .step("b"), starts: true)
        #expect(try other.row("f").namespace == "theirs")
        #expect(other.bodies.started == ["f/b#1"])
        #expect(try other.run("f").creation.namespace == "theirs")
    }

    @Test("is cut within what was appended at once")
    func cut() throws {
        let bench = World().engine()
        try bench.start(two)
        bench.succeed("r/a")
        let last = try bench.run().seq
        for seq in 1...last {
            let id = "f\(seq)"
            try fork(bench, .seq(seq), id: id, starts: false)
            #expect(try bench.types(id) == Array(try bench.types().prefix(seq)) + ["run/forked"])
            #expect(try bench.run(id).forkedFrom == RunSource(runID: "r", seq: seq))
        }
    }

    @Test("is made once for one id, and refused where the place or the run is not there")
    func refusals() throws {
        let bench = World().engine()
        try bench.start(one)
        let first = try fork(bench, .seq(2), starts: true)
        #expect(try fork(bench, .seq(2), starts: true) == first)
        guard case .idempotencyConflict("f")? = refusal({ try fork(bench, .seq(3), starts: true) }) else {
            Issue.record("Another request was taken for the same.")
            return
        }
        for seq in [0, -1, 99] {
            guard case .noSuchPlace(member: "fromSeq", _)? = refusal({ try fork(bench, .seq(seq), id: nil) }) else {
                Issue.record("Seq \(seq) is no place.")
                return
            }
        }
        guard case .noSuchPlace(member: "fromStep", _)? = refusal({ try fork(bench, .step("b"), id: nil) }) else {
            Issue.record("b is no step.")
            return
        }
        guard case .runNotFound("none")? = refusal({ try fork(bench, .seq(1), of: "none", id: nil) }) else {
            Issue.record("There is no such run.")
            return
        }
    }

    @Test("that cannot be committed is not there, and the other is as it was")
    func failedCommit() throws {
        let bench = World().engine()
        try bench.start(two)
        bench.journal.broken = [.commit]
        _ = try fork(bench, .seq(3), starts: true)
        bench.journal.broken = []
        #expect(try bench.journal.run(id: "f") == nil)
        bench.succeed()
        #expect(bench.bodies.started == ["r/a#1", "r/b#1"])
    }

    @discardableResult
    private func fork(
        _ bench: Bench, _ place: ForkRequest.Place, of source: String = "r", id: String? = "f", starts: Bool = false
    ) throws -> CreatedRun {
        var request = ForkRequest(source: source, place: place)
        request.runID = id
        request.starts = starts
        return try bench.ask { [request] engine throws(EngineError) in try engine.fork(request) }
    }

    private func events(_ id: String, _ bench: Bench) throws -> [RecordedEvent] {
        try bench.engine.events(of: try bench.row(id), afterSeq: 0, limit: .max, maxBytes: .max)
    }
}
