import JSON
import Synchronization
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// What a program was told, once it was.
private final class Told: Sendable {
    private let answer = Mutex<String?>(nil)

    func set(_ result: Result<ProgramAnswer, EngineError>) {
        let text =
            switch result {
            case .success(.recorded(let output)): "recorded \(output.serialized())"
            case .success(.failed(let failure)): "failed \(failure.kind)"
            case .success(.run(let attempt, let key)): "run \(attempt) \(key)"
            case .failure(.programChanged(let change)): "expected \(change.expected) found \(change.found ?? "no more")"
            case .failure(let error): "\(error)"
            }
        answer.withLock { $0 = text }
    }

    /// Nil while it waits.
    var text: String? { answer.withLock { $0 } }
}

/// A program, as the engine has it: the test says what it asks.
@Suite("Programs on an engine")
struct ProgramTests {
    private let world = World()

    private func host(_ name: String) -> Bench { world.engine(name, handlers: ["deploy", "work"]) }

    /// Starts the run `r`; the id of its execution.
    private func start(_ bench: Bench) throws -> String {
        var request = RunRequest(definition: .registered(name: "deploy", version: nil), cwd: "/")
        request.runID = "r"
        request.starts = true
        let asked = request
        let created = try bench.ask { engine throws(EngineError) in try engine.create(asked) }
        return try #require(created.executionID)
    }

    private func ask(_ bench: Bench, _ request: ProgramRequest) -> Told {
        let told = Told()
        bench.engine.mailbox.post(
            .call { engine in
                do throws(EngineError) {
                    try engine.take(request) { told.set($0) }
                } catch {
                    told.set(.failure(error))
                }
            })
        bench.turn()
        return told
    }

    private func begin(_ bench: Bench, _ key: String, _ execution: String, _ members: JSONObject = [:]) throws -> Told {
        ask(bench, try ProgramRequest(begin: key, in: execution, members, input: nil))
    }

    private func perform(_ bench: Bench, _ key: String, _ execution: String, _ step: JSONValue) throws -> Told {
        ask(bench, try ProgramRequest(perform: step, as: key, in: execution))
    }

    private func complete(_ bench: Bench, _ key: String, _ execution: String, _ output: JSONValue) throws {
        try bench.ask { engine throws(EngineError) in
            try engine.complete(key, of: execution, .success(output)).seq
        }
    }

    private let question: JSONValue = ["approval": ["message": "Go?"]]

    @Test("Nothing is answered before it is durable, and a completion is one record")
    func durable() throws {
        let bench = host("A")
        let execution = try start(bench)
        _ = bench.history.take()
        #expect(try begin(bench, "a", execution).text == "run 1 r:a")
        #expect(bench.history.take() == ["told step/started", "commit", "ended", "start a#1"])
        let commits = bench.journal.commits
        try complete(bench, "a", execution, 7)
        #expect(bench.journal.commits == commits + 1)
        #expect(bench.history.take() == ["told step/completed", "commit", "ended", "stop a#1"])
    }

    @Test("An engine that takes over goes on with the record, and the run waits where nobody hosts its program")
    func takeover() throws {
        let dead = host("A")
        let execution = try start(dead)
        #expect(try begin(dead, "a", execution).text == "run 1 r:a")
        try complete(dead, "a", execution, 7)
        #expect(try begin(dead, "b", execution).text == "run 1 r:b")
        let gate = try perform(dead, "gate", execution, question)
        #expect(gate.text == nil)
        world.kill(dead)

        let stranger = world.engine("B")
        #expect(try stranger.row().owner == "A")
        #expect(stranger.engine.runsInMemory == 0)
        let heir = host("C")
        #expect(heir.bodies.started == ["r/#2"])
        #expect(try begin(heir, "a", execution).text == "recorded 7")
        #expect(try begin(heir, "b", execution).text == "run 2 r:b")
        let again = try perform(heir, "gate", execution, question)
        #expect(again.text == nil)
        #expect(try heir.journal.interactions(namespace: nil, run: nil).count == 1)
        try heir.perform(approval(try heir.question()))
        #expect(again.text == #"recorded {"status":"approved","approver":"ann"}"#)
    }

    @Test("What another engine decided answers the program here")
    func foreignAnswer() throws {
        let bench = host("A")
        let execution = try start(bench)
        let gate = try perform(bench, "gate", execution, question)
        #expect(try bench.row().status == .awaiting)
        let other = world.engine("B")
        try other.perform(approval(try other.question()))
        bench.engine.mailbox.post(.storeChanged)
        bench.turn()
        #expect(gate.text?.hasPrefix("recorded") == true)
    }

    @Test("A program that is parked writes nothing")
    func parked() throws {
        let bench = host("A")
        let execution = try start(bench)
        _ = try perform(bench, "gate", execution, question)
        let commits = bench.journal.commits
        for _ in 1...3 { world.pass(86_400_000) }
        #expect(bench.journal.commits == commits)
        #expect(bench.engine.attemptsUnderWay == 1)
    }

    @Test(
        "A beginning that could not be written happens once, when it can be",
        arguments: [WatchedJournal.Operation.begin, .append, .commit, .commitReport])
    func failedBegin(operation: WatchedJournal.Operation) throws {
        let bench = host("A")
        let execution = try start(bench)
        bench.journal.broken = [operation]
        let told = try begin(bench, "a", execution)
        #expect(bench.observer.errors.count == 1)
        bench.journal.broken = []
        world.pass(1000)
        // Where the commit is what fails the answer was made before, and the turn's end tells that it must not leave:
        // the client asks again.
        let isAnswered = operation == .begin || operation == .append
        let answer = isAnswered ? told : try begin(bench, "a", execution)
        #expect(answer.text == "run 1 r:a")
        try complete(bench, "a", execution, 7)
        bench.bodies.end("r/", .succeeded("done"))
        bench.turn()
        #expect(try bench.run().output == "done")
        #expect(try bench.types().filter { $0.hasPrefix("step") }.count == 4)
    }

    @Test(
        "A completion that could not be written can be said again",
        arguments: [WatchedJournal.Operation.begin, .append, .commit])
    func failedCompletion(operation: WatchedJournal.Operation) throws {
        let bench = host("A")
        let execution = try start(bench)
        _ = try begin(bench, "a", execution)
        bench.journal.broken = [operation]
        _ = bench.post { engine throws(EngineError) in try engine.complete("a", of: execution, .success(1)).seq }
        bench.turn()
        bench.journal.broken = []
        world.pass(1000)
        try complete(bench, "a", execution, 2)
        #expect(try bench.run().programRecord?["a"]?.end?.outcome == .succeeded(2))
    }

    // MARK: Going ahead

    private func goAhead(_ bench: Bench, _ execution: String) {
        bench.engine.mailbox.postAhead(
            .call { $0.complete("a", of: execution, attempt: 1, goingOnWith: 7) })
    }

    @Test("The end of a step and the beginning of the next are one commit, and the body runs after it")
    func goingAhead() throws {
        let bench = host("A")
        let execution = try start(bench)
        _ = try begin(bench, "a", execution)
        _ = bench.history.take()
        goAhead(bench, execution)
        #expect(try begin(bench, "b", execution).text == "run 1 r:b")
        #expect(
            bench.history.take() == [
                "told step/completed", "told step/started", "commit", "ended", "stop a#1", "start b#1",
            ])
    }

    /// The program of a new run, which has asked for its first step before the run was created.
    private func startEarly(_ bench: Bench) throws -> (execution: String?, Told) {
        var request = RunRequest(definition: .registered(name: "deploy", version: nil), cwd: "/")
        (request.runID, request.isNew, request.starts) = ("r", true, true)
        let (asked, told) = (request, Told())
        let reply = bench.post { engine throws(EngineError) in
            let created = try engine.joining { () throws(EngineError) in try engine.create(asked) }
            engine.beginProgram(of: created.runID)
            let first = try ProgramRequest(begin: "a", in: created.executionID ?? "", [:], input: nil)
            try engine.take(first) { told.set($0) }
            return created
        }
        bench.turn()
        return (try? reply.get().executionID, told)
    }

    @Test("A program that is called before its run is created has its first step in the same commit")
    func early() throws {
        let bench = host("A")
        let commits = bench.journal.commits
        let (execution, told) = try startEarly(bench)
        #expect(told.text == "run 1 r:a")
        #expect(bench.journal.commits == commits + 1)
        #expect(bench.bodies.started == ["r/#1", "r/a#1"])
        try complete(bench, "a", try #require(execution), 7)
        bench.bodies.end("r/", .succeeded("done"))
        bench.turn()
        #expect(try bench.run().output == "done")
    }

    @Test("A run's creation and its first step are one append, and so are the end of a step and the next one")
    func joined() throws {
        let bench = host("A")
        let (execution, _) = try startEarly(bench)
        goAhead(bench, try #require(execution))
        _ = try begin(bench, "b", try #require(execution))
        bench.bodies.end("r/", .succeeded("done"))
        bench.turn()
        let appends = try bench.journal.entries(run: bench.row("r").key, afterSeq: 0, maxBytes: .max)
        #expect(appends.count == 3)
        #expect(try bench.types().last == "run/completed")
    }

    @Test("Whoever reads the journal before the turn ends finds what waits for more of its run")
    func readWhileJoining() throws {
        let bench = host("A")
        let execution = try start(bench)
        _ = try begin(bench, "a", execution)
        goAhead(bench, execution)
        let row = try bench.row("r")
        let last = try bench.ask { engine throws(EngineError) in
            try engine.events(of: row, afterSeq: 0, limit: .max, maxBytes: .max).last?.event.type
        }
        #expect(last == "step/completed")
        #expect(try begin(bench, "b", execution).text == "run 1 r:b")
    }

    @Test("A decision may look for a child in the store while what it is decided with is not written")
    func decideWhileJoining() throws {
        let bench = host("A")
        let child: JSONValue = ["name": "child", "flow": ["START": "q", "q": question]]
        try bench.ask { engine throws(EngineError) in _ = try engine.register(child) }
        let execution = try start(bench)
        _ = try perform(bench, "child", execution, ["workflow": "child"])
        _ = try begin(bench, "a", execution)
        goAhead(bench, execution)
        #expect(try begin(bench, "b", execution).text == "run 1 r:b")
    }

    @Test("Where its run could not be created, the program is stopped; where that happened all the same, it goes on")
    func failedEarly() throws {
        let bench = host("A")
        bench.journal.broken = [.commit]
        _ = try startEarly(bench)
        bench.journal.broken = []
        world.pass(1000)
        #expect(bench.history.lines.last == "stop #1")
        #expect(bench.engine.runsInMemory == 0)

        bench.journal.broken = [.commitReport]
        let (execution, _) = try startEarly(bench)
        bench.journal.broken = []
        world.pass(1000)
        #expect(try begin(bench, "a", try #require(execution)).text == "run 1 r:a")
        #expect(bench.bodies.attempt("r/") != nil)
    }

    @Test(
        "An end with which a program went on is made up for when it could not be written, before what the program says next",
        arguments: [WatchedJournal.Operation.begin, .append, .commit, .commitReport], [true, false])
    func failedAhead(operation: WatchedJournal.Operation, isAlone: Bool) throws {
        let bench = host("A")
        let execution = try start(bench)
        _ = try begin(bench, "a", execution)
        bench.journal.broken = [operation]
        goAhead(bench, execution)
        if isAlone { bench.turn() } else { _ = try begin(bench, "b", execution) }
        #expect(bench.observer.errors.count == 1)
        bench.journal.broken = []
        // What comes first now is what the program says next, or the time to try again.
        if !isAlone { _ = try begin(bench, "b", execution) }
        bench.bodies.end("r/", .succeeded("done"))
        bench.turn()
        world.pass(1000)
        let steps = try bench.types().filter { $0.hasPrefix("step") }
        let ahead = ["step/started", "step/started", "step/completed"]
        #expect(steps == ahead + (isAlone ? [] : ["step/started"]) + ["step/completed"])
        #expect(try bench.run().output == "done")
    }

    // MARK: Changed programs

    /// A run whose program has done `a` and `b`, and another engine that is about to run it again.
    private func recorded() throws -> (Bench, execution: String) {
        let dead = host("A")
        let execution = try start(dead)
        for key in ["a", "b"] {
            _ = try begin(dead, key, execution)
            try complete(dead, key, execution, 1)
        }
        world.kill(dead)
        return (host("B"), execution)
    }

    @Test("A program that looks changed may take a second to ask for what it did before")
    func patience() throws {
        let (bench, execution) = try recorded()
        let early = try begin(bench, "x", execution)
        world.pass(999)
        #expect(early.text == nil)
        #expect(try begin(bench, "a", execution).text == "recorded 1")
        world.pass(999)
        #expect(early.text == nil)
        #expect(try begin(bench, "b", execution).text == "recorded 1")
        #expect(early.text == "run 1 r:x")
    }

    @Test("After that it is told so, and held here until the run is resumed; another engine may go on with it at once")
    func changed() throws {
        let (bench, execution) = try recorded()
        #expect(try begin(bench, "a", execution).text == "recorded 1")
        let told = [try begin(bench, "x", execution), try begin(bench, "y", execution)]
        world.pass(1000)
        #expect(told.map(\.text) == ["expected b found x", "expected b found x"])
        #expect(bench.bodies.attempt("r/") == nil)
        let run = try bench.run()
        #expect(run.status == .inProgress)
        #expect(run.programRecord?.change == ProgramChange(expected: "b", found: "x"))
        #expect(try bench.row().owner == nil)
        world.pass(3_600_000)
        #expect(bench.bodies.started == ["r/#2"])

        let other = host("C")
        #expect(other.bodies.started == ["r/#3"])
        #expect(try begin(other, "a", execution).text == "recorded 1")
        #expect(try begin(other, "b", execution).text == "recorded 1")
        #expect(try other.run().programRecord?.change == nil)
        #expect(try begin(other, "c", execution).text == "run 1 r:c")
    }

    @Test("A program that ends too early is held, and what it says late is not heard")
    func endedEarly() throws {
        let (bench, execution) = try recorded()
        #expect(try begin(bench, "a", execution).text == "recorded 1")
        bench.bodies.end("r/", .succeeded("wrong"))
        bench.turn()
        #expect(try bench.run().status == .inProgress)
        #expect(try bench.run().programRecord?.change == ProgramChange(expected: "b", found: nil))
        #expect(try begin(bench, "b", execution).text == #"executionNotFound("\#(execution)")"#)
        try bench.perform(.pause)
        try bench.perform(.resume)
        #expect(bench.bodies.started == ["r/#2", "r/#3"])
    }

    @Test("A body that runs keeps a program from being taken for a changed one")
    func outstanding() throws {
        let dead = host("A")
        let execution = try start(dead)
        _ = try begin(dead, "slow", execution)
        _ = try begin(dead, "b", execution)
        world.kill(dead)
        let bench = host("B")
        #expect(try begin(bench, "slow", execution).text == "run 2 r:slow")
        let held = try begin(bench, "x", execution)
        world.pass(60_000)
        #expect(held.text == nil)
        try complete(bench, "slow", execution, 1)
        world.pass(999)
        #expect(held.text == nil)
        world.pass(1)
        #expect(held.text == "expected b found x")
    }
}
