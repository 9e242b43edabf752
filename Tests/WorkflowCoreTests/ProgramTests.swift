import JSON
import Testing
import WorkflowCore
import WorkflowModel

@Suite("Programs: what is decided, and what becomes of it")
struct ProgramTests {
    private var table: Table

    init() throws {
        let document: JSONValue = ["name": "test", "program": "deploy"]
        table = try Table(Workflow.parse(document).0)
        #expect(try table.start() == ["run/statusChanged", "step/started"])
    }

    private mutating func begin(_ key: String, _ members: JSONObject = [:]) throws -> [String] {
        try table.decide(.beginStep(StepDefinition.hosting(members, key: key), input: 5))
    }

    private mutating func perform(_ key: String, _ step: JSONValue) throws -> [String] {
        try table.decide(.beginStep(StepDefinition.performing(step, key: key), input: nil))
    }

    private func record(_ key: String) -> ProgramRecord.Entry? { table.run.programRecord?[key] }

    static let performed: [(step: JSONValue, events: [String], status: RunStatus)] = [
        (["call": "work"], ["step/started"], .inProgress),
        (["set": ["a": 1]], ["step/started", "step/completed"], .inProgress),
        (["fail": ["kind": "a.b", "message": "m"]], ["step/started", "step/failed"], .inProgress),
        (["wait": ["durationMs": 5]], ["step/started"], .inProgress),
        (["workflow": "other"], ["step/started"], .inProgress),
        (["workflow": "nowhere"], ["step/started", "step/failed"], .inProgress),
        (["call": "work", "with": "${state.none}"], ["step/started", "step/failed"], .inProgress),
        (
            ["approval": ["message": "Go?"]],
            ["step/started", "execution/approvalRequested", "run/statusChanged"], .awaiting
        ),
        (
            ["parallel": ["x": ["set": ["a": 1]], "y": ["call": "work"]]],
            ["step/started", "step/started", "step/completed", "step/started"], .inProgress
        ),
    ]

    @Test("A step of each kind is opened and started in one, and the fold has it too", arguments: performed)
    mutating func opening(step: JSONValue, events: [String], status: RunStatus) throws {
        #expect(try perform("k", step) == events)
        #expect(table.run.status == status)
        #expect(record("k")?.kind == step.object?.keys.first)
        let replayed = try table.replayed()
        #expect(replayed.active.map(\.path) == table.run.active.map(\.path))
        #expect(replayed.programRecord?["k"]?.end?.outcome == record("k")?.end?.outcome)
    }

    @Test("What a step leaves stands in the record, and the program goes on")
    mutating func outcomes() throws {
        #expect(try begin("a") == ["step/started"])
        #expect(table.run.active(at: "a")?.recordedInput == 5)
        #expect(try table.succeed("a", 7) == ["step/completed"])
        #expect(record("a")?.end?.outcome == .succeeded(7))
        #expect(try begin("b") == ["step/started"])
        #expect(try table.fail("b") == ["step/failed"])
        guard case .failed(let failure)? = record("b")?.end?.outcome else { return #expect(Bool(false)) }
        #expect(failure.kind == "test.failed")
        #expect(table.run.active.map(\.path) == [Run.programPath])
        #expect(table.run.progress.current == 1)
        #expect(try table.succeed(Run.programPath, 9) == ["step/completed", "run/statusChanged", "run/completed"])
        #expect(table.run.output == 9)
    }

    @Test("A step whose body the program runs starts when it is asked for, and not by itself")
    mutating func backoff() throws {
        let members: JSONObject = ["retry": ["attempts": 2, "delayMs": 100]]
        _ = try begin("a", members)
        #expect(try table.fail("a") == ["step/failed"])
        #expect(try begin("a", members) == [])
        table.pass(100)
        table.mayStart = false
        #expect(try table.decide(.advance) == [])
        #expect(try begin("a", members) == ["step/started"])
        #expect(table.run.active(at: "a")?.attempt == 2)
    }

    @Test("Nothing begins while the run is paused, is ending, or its program is not under way")
    mutating func mayNot() throws {
        var paused = table
        try paused.decide(.pause)
        #expect(!paused.run.mayOpenStep)
        var interrupted = table
        interrupted.mayStart = false
        try interrupted.decide(.attemptInterrupted(path: Run.programPath, number: 1))
        #expect(!interrupted.run.mayOpenStep)
        #expect(try interrupted.decide(.beginStep(StepDefinition.hosting([:], key: "a"), input: nil)) == [])
        #expect(table.run.mayOpenStep)
    }

    static let interruptions: [(policy: String, events: [String])] = [
        ("retry", ["step/failed", "step/failed"]), ("fail", ["step/failed", "step/failed"]),
        ("ask", ["step/failed", "execution/approvalRequested"]),
    ]

    @Test("Where the program is cut off, so are the bodies it ran, and a question stays open", arguments: interruptions)
    mutating func interrupted(policy: String, events: [String]) throws {
        _ = try begin("a", ["onInterrupted": .string(policy)])
        _ = try perform("gate", ["approval": ["message": "Go?"]])
        let question = table.run.interactions.map(\.id)
        table.mayStart = false
        let decided = try table.decide(.attemptInterrupted(path: Run.programPath, number: 1))
        #expect(decided.filter { $0 != "run/statusChanged" } == events)
        #expect(table.run.interactions.map(\.id).starts(with: question))
        #expect((record("a")?.end != nil) == (policy == "fail"))
        table.mayStart = true
        #expect(try table.decide(.advance).first == "step/started")
        #expect(table.run.active(at: Run.programPath)?.attempt == 2)
    }

    @Test("A changed program is given up and not its record; the next attempt forgets the reproach")
    mutating func changed() throws {
        _ = try begin("a")
        try table.succeed("a", 1)
        table.mayStart = false
        let change = ProgramChange(expected: "a", found: "b")
        #expect(try table.decide(.programChanged(number: 1, change)) == ["step/failed"])
        #expect(table.run.status == .inProgress)
        #expect(table.run.programRecord?.change == change)
        #expect(try table.replayed().programRecord?.change == change)
        #expect(record("a")?.end?.outcome == .succeeded(1))
        table.mayStart = true
        try table.decide(.advance)
        #expect(table.run.programRecord?.change == nil)
        #expect(table.run.active(at: Run.programPath)?.attempt == 2)
    }

    @Test("After a failure the record keeps what succeeded, and attempts go on, also inside a step")
    mutating func retried() throws {
        _ = try begin("a")
        try table.succeed("a", 1)
        let both: JSONValue = ["parallel": ["x": ["call": "work"], "y": ["call": "work"]]]
        _ = try perform("both", both)
        try table.fail("both[x]")
        #expect(try table.fail(Run.programPath) == ["step/failed", "run/statusChanged", "run/failed"])
        #expect(try table.decide(.retry(executionID: "f")) == ["run/statusChanged", "step/started"])
        #expect(record("a") != nil)
        #expect(record("both") == nil)
        _ = try perform("both", both)
        #expect(["both", "both[x]", "both[y]"].map { table.run.active(at: $0)?.attempt } == [2, 2, 2])
        #expect(try table.replayed().active.map(\.attempt) == table.run.active.map(\.attempt))
    }

    @Test("A step beyond the limit of steps fails the run")
    mutating func limit() throws {
        for number in 1...1000 {
            _ = try begin("k\(number)")
            try table.succeed("k\(number)")
        }
        #expect(try begin("one more") == ["run/statusChanged", "run/failed"])
        #expect(table.run.failure?.kind == "limit.exceeded")
    }

    @Test("A step's start is read back as it was written, and a damaged one is not read")
    func journal() throws {
        let start = StepStarted(
            path: "k", step: "k", kind: "step", iteration: 1, attempt: 1, input: nil,
            definition: try StepDefinition.hosting(["timeoutMs": 5], key: "k"))
        let data = RunEvent.stepStarted(start).data
        #expect(try RunEvent(type: "step/started", data: data) == .stepStarted(start))
        for definition: JSONValue in [7, ["wat": 1], ["timeoutMs": "x"]] {
            var damaged = data.object ?? [:]
            damaged["definition"] = definition
            #expect(throws: UnreadableEvent.self) { try RunEvent(type: "step/started", data: .object(damaged)) }
        }
    }
}
