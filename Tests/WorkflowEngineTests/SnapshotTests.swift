import JSON
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("The state of a run with a long journal is written down")
struct SnapshotTests {
    private let world = World()

    /// A question, a body, the same question again, without end.
    private static let circle: JSONValue = [
        "START": "gate", "gate": ["approval": ["message": "Go?"], "next": "a"],
        "a": ["call": "work", "set": ["n": "${iteration}"], "next": "gate"],
    ]

    private func start(_ bench: Bench) throws {
        try bench.start(Self.circle)
    }

    private func goRound(_ bench: Bench, times: Range<Int>, output: JSONValue = .null) throws {
        for number in times {
            try bench.perform(approval(try bench.question()))
            bench.succeed(number == 0 ? "r/a" : "r/a#\(number + 1)", output)
        }
    }

    private func size(_ bench: Bench) throws -> Int {
        try bench.journal.entries(run: bench.row().key, afterSeq: 0, maxBytes: .max).reduce(0) { $0 + $1.events.count }
    }

    @Test("and then read instead of the journal, whoever wants the run")
    func parked() throws {
        let bench = world.engine()
        try start(bench)
        try goRound(bench, times: 0..<100)
        let whole = try size(bench)
        for reader in [bench, world.engine("B")] {
            let before = reader.journal.bytesRead
            let run = try reader.ask { engine throws(EngineError) in try engine.load("r").run }
            #expect(run.status == .awaiting)
            #expect(run.stepCount == 201)
            #expect(reader.journal.bytesRead - before < whole / 5)
        }
        // It goes on where it stood.
        try goRound(bench, times: 100..<101)
        #expect(try bench.run().state["n"] == 101)
    }

    @Test("not for a few steps, and not again before there is much to fold")
    func rarely() throws {
        let bench = world.engine()
        try bench.start(three)
        for place in ["r/a", "r/b", "r/c"] { bench.succeed(place) }
        #expect(bench.journal.snapshots.isEmpty)
        try bench.ask { engine throws(EngineError) in _ = try engine.delete("r", expectedSeq: nil) }

        try start(bench)
        try goRound(bench, times: 0..<200, output: .string(String(repeating: "x", count: 500)))
        let written = bench.journal.snapshots.map(\.state.count)
        #expect((5...40).contains(written.count), "\(written)")
        #expect(try written.reduce(0, +) * 2 < size(bench))
    }

    @Test("while its bodies are under way too, so that whoever takes over need not fold it all")
    func underWay() throws {
        let bench = world.engine()
        try bench.start([
            "START": "a",
            "a": ["call": "work", "next": [["when": "state.n == 0", "to": "END"], ["to": "a"]], "set": ["n": 1]],
        ])
        for number in 1...300 { bench.succeed(number == 1 ? "r/a" : "r/a#\(number)") }
        #expect(!bench.journal.snapshots.isEmpty)
        let whole = try size(bench)
        world.kill(bench)
        let other = world.engine("B")
        #expect(other.bodies.started == ["r/a#301#2"] || other.bodies.started.last?.hasPrefix("r/a#301") == true)
        #expect(other.journal.bytesRead < whole)
    }

    @Test("and is as good as none when it cannot be read, or is of another version")
    func unreadable() throws {
        let bench = world.engine()
        try start(bench)
        try goRound(bench, times: 0..<40)
        let good = try #require(bench.journal.snapshots.last)
        let expected = try bench.run().snapshot
        for harm in [Array("{".utf8), Array("{}".utf8), Array(good.state.dropLast()) + Array(",\"seq\":3}".utf8)] {
            var bad = good
            bad.state = harm
            try bench.journal.turn { try $0.put(bad) }
            #expect(try bench.run().snapshot == expected)
        }
        var foreign = good
        foreign.version += 1
        foreign.state = Array("7".utf8)
        try bench.journal.turn { try $0.put(foreign) }
        #expect(try bench.run().snapshot == expected)
        try goRound(bench, times: 40..<60)
        #expect(try bench.run().state["n"] == 60)
    }

    @Test("and tells the run as it was at any event, and what forks of it begin with")
    func anyEvent() throws {
        let bench = world.engine()
        try start(bench)
        try goRound(bench, times: 0..<40)
        let (row, last) = (try bench.row(), try bench.run().seq)
        let events = try bench.engine.events(of: row, afterSeq: 0, limit: .max, maxBytes: .max)
        let workflow = try bench.run().workflow
        for seq in stride(from: 1, through: last, by: 7) {
            let facts = events.prefix(seq).map { ($0.event, $0.at) }
            let replayed = try #require(Run.replay(id: "r", workflow: workflow, events: facts))
            let run = try bench.ask { engine throws(EngineError) in try engine.run(row, atSeq: seq) }
            #expect(run.snapshot == replayed.snapshot, "at \(seq)")
        }
        var request = ForkRequest(source: "r", place: .seq(last - 5))
        request.runID = "f"
        let asked = request
        _ = try bench.ask { engine throws(EngineError) in try engine.fork(asked) }
        #expect(try bench.row("f").snapshotSeq == last - 4, "A fork has a long journal from its first moment on.")
        #expect(try bench.run("f").state["n"] == 39)
    }
}

extension Journal {
    fileprivate func turn(_ body: (Self) throws -> Void) throws {
        _ = try begin()
        try body(self)
        try commit()
    }
}
