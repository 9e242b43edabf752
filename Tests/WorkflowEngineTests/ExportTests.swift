import JSON
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("A run that is exported and imported elsewhere")
struct ExportTests {
    private let home = World()
    private let away = World()

    @Test("goes on where it stood, what is recorded is not run again, and what was under way is interrupted")
    func goesOn() throws {
        let bench = home.engine()
        try bench.start(two)
        bench.succeed("r/a", "kept")
        let other = away.engine(namespace: "theirs")
        let moved = try move(from: bench, to: other)
        #expect(moved.status == .inProgress)
        #expect(other.bodies.started == ["r/b#2"])
        #expect(other.bodies.attempt("r/b")?.idempotencyKey == "r:b")
        #expect(try other.row().namespace == "theirs")
        #expect(try other.row().owner == "A")
        #expect(try other.types().prefix(5).elementsEqual(try bench.types()))
        #expect(try other.types()[5...].elementsEqual(["run/imported", "step/failed", "step/started"]))
        other.succeed("r/b", "done")
        #expect(try other.run().output == "done")
        #expect(try bench.row().status == .inProgress)
    }

    @Test("waits where nobody can perform it, owned by nobody")
    func waits() throws {
        let bench = home.engine()
        try bench.start(two)
        let other = away.engine(handlers: [])
        try move(from: bench, to: other)
        #expect(other.bodies.started.isEmpty)
        #expect(try other.row().owner == nil)
        away.kill(other)
        let third = away.engine("C")
        #expect(third.bodies.started == ["r/a#2"])
    }

    @Test("asks a person whether an attempt may run again that says so", arguments: ["ask", "fail"])
    func interrupted(policy: String) throws {
        let bench = home.engine()
        try bench.start(step(["onInterrupted": .string(policy)]))
        let other = away.engine()
        try move(from: bench, to: other)
        #expect(other.bodies.started.isEmpty)
        #expect(try other.row().status == (policy == "ask" ? .awaiting : .failed))
    }

    @Test("keeps its open question, which is answered here")
    func question() throws {
        let bench = home.engine()
        try bench.start(gate)
        let other = away.engine()
        try move(from: bench, to: other)
        #expect(try other.question() == bench.question())
        try other.perform(approval(try other.question()))
        #expect(other.bodies.started == ["r/a#1"])
    }

    @Test("takes its children along")
    func children() throws {
        let bench = home.engine()
        let child = try startFamily(bench)
        let other = away.engine()
        let moved = try move(from: bench, to: other)
        #expect(moved.runID == "r")
        #expect(try other.row(child).parent == "r")
        #expect(other.bodies.started == ["\(child)/a#2"])
        other.succeed("\(child)/a", "from the child")
        #expect(try other.run().output == "from the child")
    }

    @Test("is another run under another id, with children and questions of its own, beside the first")
    func copies() throws {
        let bench = home.engine()
        let child = try startFamily(bench)
        try bench.start(gate, id: "asks")
        try move(from: bench, to: bench, as: "copy")
        try move("asks", from: bench, to: bench, as: "asks-too")
        let own = try #require(try bench.run("copy").children.first)
        #expect(own != child)
        #expect(try bench.row(own).parent == "copy")
        #expect(try bench.run("copy").executionID != bench.run("r").executionID)
        bench.succeed("\(own)/a", "copied")
        #expect(try bench.run("copy").output == "copied")
        #expect(try bench.run("r").status == .inProgress)
        let questions = try bench.journal.interactions(namespace: nil, run: nil)
        #expect(Set(questions.map(\.id)).count == 2)
        try bench.perform(approval(questions[1].id), on: "asks-too")
        #expect(try bench.row("asks").status == .awaiting)
    }

    @Test("is a run of its own when its parent stays behind")
    func orphan() throws {
        let bench = home.engine()
        let child = try startFamily(bench)
        let other = away.engine()
        try move(child, from: bench, to: other)
        #expect(try other.row(child).parent == nil)
        other.succeed("\(child)/a")
        #expect(try other.run(child).status == .completed)
    }

    @Test("is as it was when it has ended, waits or was never started")
    func standing() throws {
        let bench = home.engine()
        try bench.start(one, id: "done")
        bench.succeed("done/a", 7)
        try bench.start(["START": "w", "w": ["wait": ["durationMs": 5000]]], id: "waits")
        try bench.start(one, id: "paused")
        try bench.perform(.pause, on: "paused")
        let other = away.engine()
        for id in ["done", "waits", "paused"] {
            let before = try bench.run(id)
            try move(id, from: bench, to: other)
            let after = try other.run(id)
            #expect((after.status, after.isPaused, after.output) == (before.status, before.isPaused, before.output))
            #expect(after.createdAt == before.createdAt)
        }
        #expect(try other.row("waits").wakeAt == bench.row("waits").wakeAt)
        home.kill(bench)
        away.pass(5000)
        #expect(try other.run("waits").status == .completed)
        #expect(other.bodies.started.isEmpty)
    }

    @Test("is refused where it is already")
    func exists() throws {
        let bench = home.engine()
        let child = try startFamily(bench)
        guard case .runExists("r")? = refusal({ try move(from: bench, to: bench) }) else {
            Issue.record("The run was added twice.")
            return
        }
        let other = away.engine()
        try move(child, from: bench, to: other)
        guard case .runExists(child)? = refusal({ try move(from: bench, to: other) }) else {
            Issue.record("The child was added twice.")
            return
        }
        #expect(try other.journal.run(id: "r") == nil)
    }

    @Test("is refused as a whole when its events make no run", arguments: ["gap", "unknown", "workflow", "twice"])
    func damaged(fault: String) throws {
        let bench = home.engine()
        _ = try startFamily(bench)
        var file = try bench.ask { engine throws(EngineError) in try engine.export("r") }
        switch fault {
        case "gap": file.parts[1].entries[0].firstSeq = 2
        case "unknown": file.parts[1].entries[0].events = Array(#"[{"type":"run/exploded","data":{}}]"#.utf8)
        case "workflow": file.definitions.removeLast()
        default: file.parts.append(file.parts[1])
        }
        let other = away.engine()
        let request = ImportRequest(file)
        guard
            case .exportDamaged? = refusal({
                try other.ask { engine throws(EngineError) in try engine.importRun(request) }
            })
        else {
            Issue.record("It was taken.")
            return
        }
        #expect(try other.journal.counts().isEmpty)
        #expect(other.observer.errors.isEmpty, "The turn itself went well.")
    }

    /// Starts `r` and gives its child, both under way.
    private func startFamily(_ bench: Bench) throws -> RunID {
        try bench.ask { engine throws(EngineError) in _ = try engine.register(["name": "other", "flow": one]) }
        try bench.start(["START": "sub", "sub": ["workflow": "other"]])
        return try #require(try bench.run().children.first)
    }

    /// By way of the file.
    @discardableResult
    private func move(
        _ id: RunID = "r", from bench: Bench, to other: Bench, as name: RunID? = nil
    ) throws -> CreatedRun {
        let bytes = try bench.ask { engine throws(EngineError) in try engine.export(id) }.bytes
        var request = ImportRequest(try RunExport(reading: bytes))
        request.runID = name
        return try other.ask { [request] engine throws(EngineError) in try engine.importRun(request) }
    }
}
