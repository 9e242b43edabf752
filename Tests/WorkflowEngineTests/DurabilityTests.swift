import JSON
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("Durable before visible")
struct DurabilityTests {
    @Test("A body starts, and a turn is told to have ended, only after the commit")
    func order() throws {
        let bench = World().engine()
        _ = bench.history.take()
        try bench.start(one)
        #expect(
            bench.history.take() == [
                "told run/created", "told run/statusChanged", "told step/started", "commit", "ended", "start a#1",
            ])
        bench.succeed()
        #expect(
            bench.history.take() == [
                "told step/completed", "told run/statusChanged", "told run/completed", "commit", "ended",
            ])
    }

    @Test("A body is stopped only after the commit that gave it up")
    func stop() throws {
        let bench = World().engine()
        try bench.start(one)
        _ = bench.history.take()
        try bench.perform(.cancel(reason: nil))
        #expect(
            bench.history.take() == ["told run/statusChanged", "told run/cancelled", "commit", "ended", "stop a#1"])
    }

    @Test("A hundred runs that arrive together are one commit")
    func groupCommit() throws {
        let bench = World().engine()
        let before = bench.journal.commits
        let replies = (1...100).map { number in
            let request = request(one, id: "r\(number)")
            return bench.post { engine throws(EngineError) in try engine.create(request) }
        }
        bench.turn()
        #expect(bench.journal.commits == before + 1)
        #expect(try replies.map { try $0.get().status } == Array(repeating: .inProgress, count: 100))
        #expect(bench.bodies.started.count == 100)

        for number in 1...100 { bench.bodies.end("r\(number)/a", .succeeded(.null)) }
        bench.turn()
        #expect(bench.journal.commits == before + 2)
        #expect(try bench.journal.counts() == [.completed: 100])
    }

    @Test("What a step left and the start of the next one are one record, so three steps are four commits")
    func oneRecordAStep() throws {
        let bench = World().engine()
        let (commits, appends) = (bench.journal.commits, bench.journal.appends)
        try bench.start(three)
        for path in ["r/a", "r/b", "r/c"] { bench.succeed(path) }
        #expect(bench.journal.commits == commits + 4)
        // The creation and the start are two records of the first commit.
        #expect(bench.journal.appends - appends <= 5)
        #expect(try bench.row().status == .completed)
    }

    @Test("A turn in which nothing happened commits nothing")
    func idleTurn() {
        let bench = World().engine()
        let before = bench.journal.commits
        bench.turn()
        #expect(bench.journal.commits == before)
        #expect(bench.engine.timeout() == nil)
    }

    @Test("A run that waits for a person or for time leaves memory, and comes back when it goes on")
    func parked() throws {
        let bench = World().engine()
        try bench.start(gate)
        #expect(bench.engine.runsInMemory == 0)
        #expect(try bench.row().owner == nil)
        #expect(try bench.row().status == .awaiting)
        try bench.perform(approval(try bench.question()))
        #expect(bench.engine.runsInMemory == 1)
        #expect(try bench.row().owner == "A")
        bench.succeed()
        #expect(bench.engine.runsInMemory == 0)
        #expect(try bench.row().owner == nil)
        #expect(try bench.row().status == .completed)
    }

    @Test("Reading a run leaves nothing of it in memory")
    func reading() throws {
        let bench = World().engine()
        try bench.start(gate)
        #expect(try bench.run().status == .awaiting)
        #expect(bench.engine.runsInMemory == 0)
    }

    @Test("What an attempt says has offsets without gaps, counted in bytes")
    func text() throws {
        let bench = World().engine()
        try bench.start(one)
        let reporter = try #require(bench.bodies.reporter("r/a"))
        for texts in [["fünf"], [""], [" und", " sechs"]] {
            for text in texts { reporter.report(.text(text)) }
            bench.turn()
        }
        #expect(bench.observer.said == ["0:fünf", "5: und sechs"])
    }

    @Test("A flow that never ends is stopped after a thousand steps, in one turn")
    func stepLimit() throws {
        let bench = World().engine()
        let before = bench.journal.commits
        try bench.start([
            "START": "a", "a": ["set": ["n": 1], "next": [["when": "state.n == 2", "to": "END"], ["to": "a"]]],
        ])
        #expect(bench.journal.commits == before + 1)
        let run = try bench.run()
        #expect(run.failure?.kind == "limit.exceeded")
        #expect(run.progress.current == 1000)
    }
}
