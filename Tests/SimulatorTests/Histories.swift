import JSON
import Simulator
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

// What histories are made of, right ones and wrong ones.

let workflow: Workflow = {
    do {
        return try Workflow.parse(["name": "test", "flow": ["START": "a", "a": ["call": "work"]]]).0
    } catch {
        fatalError("The document is sound: \(error)")
    }
}()

let timeout: RunOptions.Timeout = {
    guard let timeout = try? RunOptions.parse(["timeout": ["ms": 1]]).timeout else { fatalError("There is a timeout.") }
    return timeout
}()

let creation = RunCreated(
    workflow: "test", version: workflow.version, namespace: "default", cwd: "/", input: nil, options: nil, labels: [:],
    client: nil)

func moment(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

/// A run of one step, after these events.
func fold(_ events: [RunEvent]) -> Run {
    var run = Run(id: "r", workflow: workflow, creation: creation, options: RunOptions(), at: moment(0))
    for (index, event) in events.enumerated() { run.apply(event, seq: index + 2, at: moment(0)) }
    return run
}

func append(from firstSeq: Int = 1, at milliseconds: Int64 = 0, _ events: RunEvent...) -> Observation {
    .appended(
        Append(run: "r", firstSeq: firstSeq, at: moment(milliseconds), events: events, fold: fold([])))
}

func started(_ path: String = "a", _ attempt: Int = 1, kind: String = "call", until: Timestamp? = nil) -> RunEvent {
    .stepStarted(
        StepStarted(path: path, step: path, kind: kind, iteration: 1, attempt: attempt, input: nil, until: until))
}

func completed(_ path: String = "a", _ attempt: Int = 1, _ output: JSONValue = .null) -> RunEvent {
    .stepCompleted(
        StepCompleted(
            path: path, step: path, attempt: attempt, output: output, set: nil,
            decision: FlowDecision(from: path, to: .end, reason: "next"), progress: Progress()))
}

func failed(_ path: String = "a", _ attempt: Int = 1, retryAt: Timestamp?) -> RunEvent {
    .stepFailed(
        StepFailed(
            path: path, step: path, attempt: attempt, failure: Failure(kind: "test.failed", message: "It failed."),
            willRetryAt: retryAt))
}

func execution(_ origin: RetryOrigin?, after previous: RunStatus = .inProgress) -> RunEvent {
    .statusChanged(
        StatusChanged(status: .inProgress, isPaused: false, previous: previous, executionID: "e", from: origin))
}

func question(expiresAt: Timestamp? = nil) -> RunEvent {
    var question = Interaction(id: "q", kind: .approval, path: "a", text: "Go?", createdAt: moment(0))
    question.expiresAt = expiresAt
    return .interactionRequested(question)
}

func settled(_ outcome: InteractionResolved.Outcome) -> RunEvent {
    .interactionResolved(InteractionResolved(interactionID: "q", kind: .approval, path: "a", outcome: outcome))
}

func body(_ attempt: Int = 1, by engine: String = "A") -> Observation {
    .bodyStarted(AttemptKey(runID: "r", path: "a", number: attempt), by: engine)
}

func text(_ text: String, at offset: Int) -> Observation {
    .textTold(AttemptKey(runID: "r", path: "a", number: 1), offset: offset, Array(text.utf8), by: "A")
}

func row(_ owner: String?, epoch: Int64) -> Observation {
    var row = RunRecord(
        id: "r", namespace: "default", workflow: "test", version: "1", status: .inProgress, cwd: "/",
        createdAt: moment(0))
    (row.owner, row.epoch) = (owner, epoch)
    return .stored(row)
}

func told(_ seq: Int, _ event: RunEvent) -> Observation { .told("r", seq: seq, event, by: "A") }

/// What the store holds at the end.
func concluded(_ events: RunEvent...) -> Observation {
    let recorded = events.enumerated().map { index, event in
        (seq: index + 1, at: moment(0), event: event)
    }
    return .concluded([StoredRun(id: "r", workflow: workflow, events: recorded)])
}
