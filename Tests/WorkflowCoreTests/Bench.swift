import JSON
import Testing
import WorkflowCore
import WorkflowModel

/// A run on the table: documents in, events out, time and ids as the test wants them.
struct Table {
    var decider: Decider
    var now = Timestamp(milliseconds: 1_000_000)
    var mayStart = true
    /// The children's statuses, by run id.
    var children: [String: RunStatus] = [:]
    /// What the run began with, and what was decided since.
    private(set) var past: [RunEvent]
    private(set) var taken: [RunEvent] = []
    /// How many events there were after each append.
    private(set) var appends: [Int] = []

    init(_ flow: JSONValue, options: JSONValue? = nil, input: JSONValue? = nil, with members: JSONObject = [:]) throws {
        var document: JSONObject = ["name": "test", "flow": flow]
        for (name, value) in members { document[name] = value }
        try self.init(Workflow.parse(.object(document)).0, options: options, input: input)
    }

    init(_ workflow: Workflow, options: JSONValue? = nil, input: JSONValue? = nil) throws {
        let creation = RunCreated(
            workflow: workflow.name, version: workflow.version, namespace: "default", cwd: "/", input: input,
            options: options, labels: [:], client: nil)
        decider = Decider(
            creating: "r", workflow: workflow, creation: creation, options: try RunOptions.parse(options), at: now)
        past = [.created(creation)]
    }

    /// A run that did not begin here.
    init(_ decider: Decider, past: [RunEvent], now: Timestamp) {
        self.decider = decider
        self.past = past
        self.now = now
    }

    var run: Run { decider.run }

    /// Decides, and gives the types of the new events.
    @discardableResult
    mutating func decide(_ command: Command) throws -> [String] {
        _ = decider.takeEvents()
        let surroundings = TableSurroundings(seq: run.seq, mayStart: mayStart, children: children)
        let context = DecisionContext(now: now, surroundings: surroundings)
        try decider.decide(command, context)
        let events = decider.takeEvents()
        taken += events
        appends.append(taken.count)
        return events.map(\.type)
    }

    @discardableResult
    mutating func start() throws -> [String] {
        try decide(.start(executionID: "e"))
    }

    /// The body of the step at `path` has ended well.
    @discardableResult
    mutating func succeed(_ path: String, _ output: JSONValue = .null) throws -> [String] {
        let number = run.active.first { $0.path == path }?.attempt ?? 1
        return try decide(.attemptSucceeded(path: path, number: number, output: output))
    }

    @discardableResult
    mutating func fail(_ path: String, _ failure: Failure = Failure(kind: "test.failed", message: "It failed.")) throws
        -> [String]
    {
        let number = run.active.first { $0.path == path }?.attempt ?? 1
        return try decide(.attemptFailed(path: path, number: number, failure))
    }

    /// The run as a journal with these events after its creation has it.
    mutating func restore(_ events: some Sequence<RunEvent>) {
        taken = Array(events)
        var run = run
        for event in taken { run.apply(event, seq: run.seq + 1, at: now) }
        decider = Decider(run)
    }

    mutating func pass(_ milliseconds: Int64) {
        now = now + .milliseconds(milliseconds)
    }

    /// Everything that was decided since the start, as the journal would give it back.
    func replayed() throws -> Run {
        var events: [(event: RunEvent, at: Timestamp)] = [(.created(run.creation), run.createdAt)]
        for event in taken {
            events.append((try RunEvent(type: event.type, data: event.data), now))
        }
        return try #require(Run.replay(id: run.id, workflow: run.workflow, events: events))
    }
}

/// Ids that count, nothing left to chance, one other workflow.
final class TableSurroundings: Surroundings {
    private let seq: Int
    private let mayStart: Bool
    private let children: [String: RunStatus]
    private var ids = 0

    init(seq: Int, mayStart: Bool, children: [String: RunStatus]) {
        self.seq = seq
        self.mayStart = mayStart
        self.children = children
    }

    func makeID() -> String {
        ids += 1
        return "id-\(seq)-\(ids)"
    }

    func chance() -> Double { 0.5 }
    func mayStart(_ step: Step) -> Bool { mayStart }
    func version(ofWorkflow name: String) -> String? { name == "other" ? "1" : nil }
    func status(ofRun id: String) -> RunStatus? { children[id] }
}

func refusal(_ body: () throws -> Void) -> Refusal? {
    do {
        try body()
        return nil
    } catch {
        return error as? Refusal
    }
}

let call: JSONValue = ["call": "work"]
