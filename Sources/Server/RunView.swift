import JSON
import ServiceProtocol
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// A run in the shapes of the wire.
enum RunView {
    /// What `run/result` answers.
    static func result(of run: Run) -> [UInt8] {
        guard let veil = RunVeil(run) else { return unveiledResult(of: run) }
        var writer = JSONWriter()
        writer.value(veil.hide((try? JSONValue(parsing: unveiledResult(of: run))) ?? .null))
        return writer.bytes
    }

    private static func unveiledResult(of run: Run) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("runId", run.id)
        writer.field("status", run.status.rawValue)
        writer.optionalField("output", run.output)
        if let failure = run.failure { writer.field("error", failure) }
        writer.optionalField("reason", run.cancelReason)
        writer.endObject()
        return writer.bytes
    }

    /// What the methods that move a run answer.
    static func handle(of run: Run) -> JSONValue {
        var members: JSONObject = [
            "runId": .string(run.id), "status": .string(run.status.rawValue), "isPaused": .bool(run.isPaused),
            "seq": .number(JSONNumber(run.seq)),
        ]
        members["executionId"] = run.executionID.map { .string($0) }
        return .object(members)
    }

    /// What `run/get` answers; in lists without state, input and output.
    static func details(of live: LiveRun, inFull: Bool, engine: Engine) -> JSONValue {
        let run = live.run
        var members: JSONObject = [
            "runId": .string(run.id),
            "workflow": ["name": .string(run.creation.workflow), "version": .string(run.creation.version)],
            "status": .string(run.status.rawValue), "isPaused": .bool(run.isPaused),
        ]
        if case .cancelled? = run.ending?.outcome { members["cancelRequested"] = true }
        let waits = waitingFor(live, engine)
        if !waits.isEmpty { members["waitingFor"] = .array(waits) }
        members["seq"] = .number(JSONNumber(run.seq))
        members["cwd"] = .string(run.creation.cwd)
        members["namespace"] = .string(run.creation.namespace)
        members["executionId"] = run.executionID.map { .string($0) }
        if inFull {
            members["state"] = .object(run.state)
            members["input"] = run.creation.input ?? .null
            members["output"] = run.output
        }
        members["error"] = run.failure.map(\.json)
        members["cancelReason"] = run.cancelReason.map { .string($0) }
        var progress: JSONObject = [
            "current": .number(JSONNumber(run.progress.current)), "total": .number(JSONNumber(run.progress.total)),
        ]
        progress["message"] = run.progress.message.map { .string($0) }
        members["progress"] = .object(progress)
        members["usage"] = run.usage.json
        members["labels"] = .object(run.creation.labels)
        members["origin"] = run.forkedFrom?.json
        members["parent"] = run.creation.parent.map { ["runId": .string($0.runID), "path": .string($0.path)] }
        members["createdAt"] = .string(run.createdAt.description)
        members["startedAt"] = run.startedAt.map { .string($0.description) }
        members["endedAt"] = run.endedAt.map { .string($0.description) }
        return .object(live.veil?.hide(members) ?? members)
    }

    /// What is known of a run whose journal cannot be read.
    static func unreadable(_ record: RunRecord, _ reason: String) -> JSONValue {
        let failure = Failure(kind: ErrorKind.storeCorrupt.rawValue, message: reason, isRetryable: false)
        var members: JSONObject = [
            "runId": .string(record.id),
            "workflow": ["name": .string(record.workflow), "version": .string(record.version)],
            "status": .string(record.status.rawValue), "isPaused": .bool(record.isPaused), "seq": 0,
            "cwd": .string(record.cwd), "namespace": .string(record.namespace), "error": failure.json,
            "progress": ["current": 0, "total": 0], "usage": [:], "labels": .object(record.labels),
            "createdAt": .string(record.createdAt.description),
        ]
        members["startedAt"] = record.startedAt.map { .string($0.description) }
        members["endedAt"] = record.endedAt.map { .string($0.description) }
        return .object(members)
    }

    /// What stands between a run and its going on.
    private static func waitingFor(_ live: LiveRun, _ engine: Engine) -> [JSONValue] {
        var waits = live.run.active.flatMap { active in
            self.waits(of: active, live, engine).map { wait -> JSONValue in
                var members = wait
                members["path"] = .string(active.path)
                return .object(members)
            }
        }
        if let moment = live.run.retryAt { waits.append(["kind": "timer", "until": .string(moment.description)]) }
        return waits
    }

    /// A program that was found to be another one is waited for as it was.
    private static func wait(for program: Step, _ change: ProgramChange) -> JSONObject {
        var members: JSONObject = ["kind": "handler", "handler": .string(program.name)]
        for (name, value) in change.members { members[name] = value }
        members["message"] = .string(change.message)
        return members
    }

    private static func waits(of active: ActiveStep, _ live: LiveRun, _ engine: Engine) -> [JSONObject] {
        switch active.phase {
        case .asking(let id): return [["kind": "person", "interactionId": .string(id)]]
        case .waiting(_, let moment):
            let timer: [JSONObject] = moment.map { [["kind": "timer", "until": .string($0.description)]] } ?? []
            guard case .wait(let wait) = active.step.kind else { return timer }
            return wait.conditions.compactMap { condition -> JSONObject? in
                if case .signal(let name) = condition { ["kind": "signal", "signal": .string(name)] } else { nil }
            } + timer
        case .child(let id, _): return [["kind": "child", "runId": .string(id)]]
        case .backingOff(let moment) where moment > engine.now:
            return [["kind": "timer", "until": .string(moment.description)]]
        case .open, .failed: return []
        case .running where engine.hasLivingOwner(live.record): return []
        case .entered, .backingOff, .running:
            if case .hosted = active.step.kind { return [] }
            guard active.step.kind.hasBody else { return [] }
            if let change = active.program?.change { return [wait(for: active.step, change)] }
            switch engine.readiness(for: active.step) {
            case .ready: return []
            case .missingHandler(let name): return [["kind": "handler", "handler": .string(name)]]
            case .notPermitted(let reason): return [["kind": "permission", "message": .string(reason)]]
            }
        }
    }
}
