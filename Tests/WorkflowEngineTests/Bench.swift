import JSON
import Synchronization
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// The production engine without its thread: the test posts, passes time and takes turns by hand.
final class Bench {
    let name: String
    let history = History()
    let journal: WatchedJournal
    let bodies: ScriptedExecutor
    let observer: RecordingObserver
    let engine: Engine
    private var inputs: [EngineInput] = []

    init(_ name: String, in world: World, handlers: Set<String>, namespace: String) {
        self.name = name
        journal = WatchedJournal(world.store, history)
        bodies = ScriptedExecutor(handlers, history)
        observer = RecordingObserver(history)
        let clock = world.clock
        engine = Engine(
            mailbox: Mailbox(),
            environment: Environment(now: { clock.now }, makeID: { clock.makeID() }, chance: { 0.5 }))
        engine.configuration.namespace = namespace
        engine.observer = observer
        engine.open(journal, ScriptedRegistry(name, in: world))
        engine.install(bodies, for: "call", "command", "agent", "program", "step")
    }

    /// One turn over whatever was posted, as `Engine.run` does it.
    func turn() {
        _ = engine.timeout()
        engine.mailbox.drain(into: &inputs, timeout: .zero)
        engine.performTurn(inputs)
    }

    /// Puts something to do into the next turn; the answer is there when that has ended.
    func post<Answer: Sendable>(
        _ body: @escaping @Sendable (Engine) throws(EngineError) -> Answer
    ) -> Reply<Answer> {
        let reply = Reply<Answer>()
        engine.mailbox.post(.call { engine in reply.set(Result { () throws(EngineError) in try body(engine) }) })
        return reply
    }

    /// Asks the engine in a turn of its own.
    @discardableResult
    func ask<Answer: Sendable>(
        _ body: @escaping @Sendable (Engine) throws(EngineError) -> Answer
    ) throws -> Answer {
        let reply = post(body)
        turn()
        return try reply.get()
    }

    func beginEffects() {
        _ = post { $0.beginEffects() }
        turn()
    }

    /// Creates the run `id` of a flow and starts it.
    @discardableResult
    func start(_ flow: JSONValue, id: String = "r", options: JSONValue? = nil) throws -> CreatedRun {
        let request = request(flow, id: id, options: options)
        return try ask { engine throws(EngineError) in try engine.create(request) }
    }

    @discardableResult
    func perform(_ command: Command, on id: String = "r", expectedSeq: Int? = nil) throws -> Run {
        try ask { engine throws(EngineError) in try engine.perform(command, on: id, expectedSeq: expectedSeq).run }
    }

    /// The body of the step at `run/path` ends, and the engine takes a turn over it.
    func succeed(_ place: String = "r/a", _ output: JSONValue = .null) {
        bodies.end(place, .succeeded(output))
        turn()
    }

    func fail(_ place: String = "r/a", kind: String = "test.failed") {
        bodies.end(place, .failed(Failure(kind: kind, message: "It failed.")))
        turn()
    }

    /// As the journal has it.
    func run(_ id: String = "r") throws -> Run {
        try ask { engine throws(EngineError) in try engine.load(id).run }
    }

    func row(_ id: String = "r") throws -> RunRecord {
        try #require(try journal.run(id: id))
    }

    /// The types of a run's events, from its journal, whose numbers have no gap.
    func types(_ id: String = "r") throws -> [String] {
        let row = try row(id)
        let events = try engine.events(of: row, afterSeq: 0, limit: .max, maxBytes: .max)
        #expect(events.map(\.seq) == Array(1...events.count))
        return events.map(\.event.type)
    }

    func question() throws -> String {
        try #require(try journal.interactions(namespace: nil, run: nil).first).id
    }
}

/// An answer of the engine's that comes with a turn.
final class Reply<Answer: Sendable>: Sendable {
    private let result = Mutex<Result<Answer, EngineError>?>(nil)

    func set(_ result: Result<Answer, EngineError>) {
        self.result.withLock { $0 = result }
    }

    func get() throws -> Answer {
        try #require(result.withLock { $0 }, "The engine did not answer.").get()
    }
}

func request(_ flow: JSONValue, id: String? = "r", options: JSONValue? = nil) -> RunRequest {
    var request = RunRequest(definition: .document(["name": "test", "flow": flow]), cwd: "/")
    request.runID = id
    request.options = options
    request.starts = true
    return request
}

/// The engine's reason for not doing it; nil, and an issue, when it did it.
func refusal(_ body: () throws -> some Sendable) -> EngineError? {
    do {
        _ = try body()
        Issue.record("It was not refused.")
        return nil
    } catch {
        return error as? EngineError
    }
}

func approval(_ id: String) -> Command {
    .respondApproval(.id(id), ApprovalAnswer(decision: .approved, approver: "ann", message: nil, client: nil))
}

let one: JSONValue = ["START": "a", "a": ["call": "work"]]
let two: JSONValue = ["START": "a", "a": ["call": "work", "next": "b"], "b": ["call": "work"]]
let three: JSONValue = [
    "START": "a", "a": ["call": "work", "next": "b"], "b": ["call": "work", "next": "c"], "c": ["call": "work"],
]
/// A question to a person, then a body.
let gate: JSONValue = ["START": "gate", "gate": ["approval": ["message": "Go?"], "next": "a"], "a": ["call": "work"]]

/// One body with more members.
func step(_ members: JSONObject) -> JSONValue {
    var step: JSONObject = ["call": "work"]
    for (name, value) in members { step[name] = value }
    return ["START": "a", "a": .object(step)]
}
