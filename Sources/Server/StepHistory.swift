import JSON
import WorkflowCore
import WorkflowEngine
import WorkflowModel

/// The steps of a run as `run/steps` tells them, gathered from its events.
struct StepHistory {
    private struct Entry {
        var start: StepStarted
        var startedAt: Timestamp
        var status = "running"
        var output: JSONValue?
        var failure: Failure?
        var endedAt: Timestamp?
    }

    private var entries: [Entry] = []
    private var positions: [String: Int] = [:]

    mutating func add(_ recorded: RecordedEvent) {
        switch recorded.event {
        // A program is the run itself; its steps are those it opened.
        case .stepStarted(let start) where start.path == Run.programPath: break
        case .stepStarted(let start):
            guard let index = positions[start.path] else {
                positions[start.path] = entries.count
                return entries.append(Entry(start: start, startedAt: recorded.at))
            }
            entries[index].start.attempt = start.attempt
            entries[index].status = "running"
            entries[index].endedAt = nil
        case .stepCompleted(let completion):
            change(completion.path) { entry in
                entry.status = "completed"
                entry.output = completion.output
                entry.failure = nil
                entry.endedAt = recorded.at
            }
        case .stepFailed(let failed):
            change(failed.path) { entry in
                entry.status = failed.willRetryAt == nil ? "failed" : "retrying"
                entry.failure = failed.failure
                if failed.willRetryAt == nil { entry.endedAt = recorded.at }
            }
            withdraw(at: recorded.at) { $0.hasPrefix(failed.path + "[") || $0.hasPrefix(failed.path + "/") }
        case .toolCalled(let called): add(called, at: recorded.at)
        case .toolReturned(let returned): settle(returned, at: recorded.at)
        case .interactionRequested(let question): change(question.path) { $0.status = "awaiting" }
        case .ending(let ending) where ending.graceUntil != nil: break
        case .ending, .retryScheduled, .cancelled, .failed, .completed: withdraw(at: recorded.at) { _ in true }
        default: break
        }
    }

    private mutating func add(_ called: ToolCalled, at moment: Timestamp) {
        let start = StepStarted(
            path: called.path, step: called.tool, kind: "tool", iteration: 1, attempt: called.attempt ?? 0,
            input: called.input)
        var entry = Entry(start: start, startedAt: moment)
        if called.attempt == nil { entry.status = "pending" }
        positions[called.path] = entries.count
        entries.append(entry)
    }

    private mutating func settle(_ returned: ToolReturned, at moment: Timestamp) {
        change(returned.path) { entry in
            entry.endedAt = moment
            switch returned.result {
            case .returned(let output): (entry.status, entry.output, entry.failure) = ("completed", output, nil)
            case .failed(let failure): (entry.status, entry.failure) = ("failed", failure)
            }
        }
    }

    /// Steps that have not ended, and will not.
    private mutating func withdraw(at moment: Timestamp, where isMeant: (_ path: String) -> Bool) {
        for index in entries.indices where entries[index].endedAt == nil && isMeant(entries[index].start.path) {
            entries[index].status = "cancelled"
            entries[index].endedAt = moment
        }
    }

    private mutating func change(_ path: String, _ body: (inout Entry) -> Void) {
        if let index = positions[path] { body(&entries[index]) }
    }

    var json: [JSONValue] {
        entries.map { entry in
            var members: JSONObject = [
                "path": .string(entry.start.path), "step": .string(entry.start.step), "kind": .string(entry.start.kind),
                "iteration": .number(JSONNumber(entry.start.iteration)), "status": .string(entry.status),
                "attempt": .number(JSONNumber(entry.start.attempt)), "input": entry.start.input ?? .null,
            ]
            members["output"] = entry.output
            members["error"] = entry.failure.map(\.json)
            members["startedAt"] = .string(entry.startedAt.description)
            if let end = entry.endedAt {
                members["endedAt"] = .string(end.description)
                members["durationMs"] = .number(JSONNumber(Int((end - entry.startedAt).milliseconds)))
            }
            return .object(members)
        }
    }
}
