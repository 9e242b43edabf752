import JSON
import WorkflowCore
import WorkflowEngine
import WorkflowModel

/// A journal, whoever wrote it, is read or refused. What is read is the same when it is written and read again, and a
/// run that it folds to can go on: the first line is the workflow's document, each one below it an append.
func checkJournal(_ bytes: UnsafeRawBufferPointer) throws(BrokenPromise) {
    let lines = bytes.lines
    guard let document = lines.first.flatMap({ try? JSONValue(parsing: $0) }) else { return }
    guard let workflow = try? Workflow.parse(document).0 else { return }
    var events: [RunEvent] = []
    for line in lines.dropFirst() {
        guard let append = try? EventCoding.decode(Array(line), of: workflow) else { return }
        try checkRewritten(append, workflow)
        events += append
    }
    let moments = events.indices.map { begin + .milliseconds(10 * $0) }
    guard let run = Run.replay(id: "r", workflow: workflow, events: zip(events, moments).map { ($0, $1) }) else {
        return
    }
    try promise(run.seq == events.count, "A run stands at its last event.")
    try promise(Set(run.effects(underWay: [])).count == run.effects(underWay: []).count, "No effect is wanted twice.")
    for command in commands { try check(run, goingOnWith: command) }
}

private let begin = Timestamp(milliseconds: 1_769_851_800_125)

/// What an engine that finds a run may do with it.
private let commands: [Command] = [
    .takeOver, .advance, .pause, .resume, .cancel(reason: nil), .retry(executionID: "again"),
    .signal(Signal(name: "go", payload: [1], idempotencyKey: "k")),
    .attemptSucceeded(path: "a", number: 1, output: ["x": 1]),
    .attemptFailed(path: "a", number: 1, Failure(kind: "k", message: "m", isRetryable: true)),
]

private func checkRewritten(_ events: [RunEvent], _ workflow: Workflow) throws(BrokenPromise) {
    let written = EventCoding.encode(events, of: workflow)
    guard let again = try? EventCoding.decode(written, of: workflow) else {
        throw BrokenPromise(description: "\(String(decoding: written, as: UTF8.self)) can be read again.")
    }
    try promise(again == events, "\(String(decoding: written, as: UTF8.self)) is what was written.")
    try promise(EventCoding.encode(again, of: workflow) == written, "A journal is written one way.")
}

private func check(_ run: Run, goingOnWith command: Command) throws(BrokenPromise) {
    var decider = Decider(run)
    let context = DecisionContext(now: run.lastAt + .seconds(3600), surroundings: Nowhere())
    do throws(Refusal) {
        try decider.decide(command, context)
    } catch {
        return try promise(decider.run.seq == run.seq, "A command that is refused changes nothing.")
    }
    let events = decider.takeEvents()
    try promise(decider.run.seq == run.seq + events.count, "Each event that is decided is applied.")
    try checkRewritten(events, run.workflow)
}

/// A world without anything, where all may be tried.
private final class Nowhere: Surroundings {
    private var ids = 0

    func makeID() -> String {
        ids += 1
        return "id-\(ids)"
    }

    func chance() -> Double { 0.5 }
    func mayStart(_ step: Step) -> Bool { true }
    func version(ofWorkflow name: String) -> String? { nil }
    func status(ofRun id: String) -> RunStatus? { nil }
}
