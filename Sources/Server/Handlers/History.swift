import JSON
import RPC
import ServiceProtocol
import WorkflowCore
import WorkflowEngine
import WorkflowModel

extension Session {
    func listEvents(_ request: ListRunEventsRequest) throws -> JSONValue {
        let live = try engine.load(request.runID)
        let limit = min(max(request.limit ?? 1000, 1), 10_000)
        let maxBytes = min(max(request.maxBytes ?? 1 << 20, 1), 8 << 20)
        let events = try engine.events(
            of: live.record, afterSeq: Self.place(request.afterSeq, in: live.run), limit: limit, maxBytes: maxBytes)
        let veil = live.veil
        let list = events.map { recorded -> JSONValue in
            var members: JSONObject = [
                "seq": .number(JSONNumber(recorded.seq)), "at": .string(recorded.at.description),
                "type": .string(recorded.event.type),
            ]
            members["executionId"] = live.run.executionID(of: recorded.seq).map { .string($0) }
            let data = recorded.event.data
            members["data"] = veil?.hide(data) ?? data
            return .object(members)
        }
        var page: JSONObject = [
            "events": .array(list), "oldestSeq": .number(JSONNumber(try engine.oldestSeq(of: live.record))),
            "lastSeq": .number(JSONNumber(live.run.seq)),
        ]
        if let last = events.last?.seq, last < live.run.seq { page["nextAfterSeq"] = .number(JSONNumber(last)) }
        return .object(page)
    }

    func subscribe(_ request: SubscribeRunRequest) throws -> JSONValue {
        let live = try engine.load(request.runID)
        let after = request.afterSeq ?? 0
        guard after >= 0, after <= live.run.seq else {
            throw RPCError.invalidParams(
                "afterSeq must be between 0 and the run's seq, \(live.run.seq).",
                pointer: JSONPointer().appending("afterSeq"))
        }
        let subscription = Subscription(runID: request.runID, after: after)
        subscription.texts = live.texts.map { ($0, 0) }
        subscriptions[request.runID] = subscription
        lag(subscription)
        try engine.adopt(request.runID)
        return ["runId": .string(request.runID), "seq": .number(JSONNumber(try engine.load(request.runID).run.seq))]
    }

    func unsubscribe(_ request: UnsubscribeRunRequest) -> JSONValue {
        subscriptions[request.runID] = nil
        return ["runId": .string(request.runID), "subscribed": false]
    }

    func listSteps(_ request: ListRunStepsRequest) throws -> JSONValue {
        var steps = StepHistory()
        for recorded in try allEvents(of: request.runID) { steps.add(recorded) }
        let veil = try engine.load(request.runID).veil
        return ["steps": .array(veil.map { steps.json.map($0.hide) } ?? steps.json)]
    }

    func listDecisions(_ request: ListRunDecisionsRequest) throws -> JSONValue {
        let live = try engine.load(request.runID)
        let (workflow, veil) = (live.run.workflow, live.veil)
        let decisions = try allEvents(of: request.runID).compactMap { recorded -> JSONValue? in
            let (path, decision): (String, FlowDecision?) =
                switch recorded.event {
                case .stepCompleted(let completion): (completion.path, completion.decision)
                case .stepFailed(let failed): (failed.path, failed.decision)
                default: ("", nil)
                }
            guard let decision, workflow.decides(at: path) else { return nil }
            var members: JSONObject = [
                "seq": .number(JSONNumber(recorded.seq)), "at": .string(recorded.at.description),
                "from": .string(decision.from), "to": .string(decision.to.name), "path": .string(path),
            ]
            members["condition"] = decision.condition.map { .string($0) }
            members["value"] = decision.value
            members["reason"] = .string(decision.reason)
            return .object(veil?.hide(members) ?? members)
        }
        return ["decisions": .array(decisions)]
    }

    func listLogs(_ request: ListRunLogsRequest) throws -> JSONValue {
        let limit = min(max(request.limit ?? 1000, 1), 10_000)
        var entries: [JSONValue] = []
        var page = JSONObject()
        let live = try engine.load(request.runID)
        let after = Self.place(request.afterSeq, in: live.run)
        for recorded in try allEvents(of: request.runID, after: after) {
            guard case .logged(let entry) = recorded.event else { continue }
            if entries.count == limit {
                page["nextAfterSeq"] = entries.last?["seq"]
                break
            }
            var members: JSONObject = [
                "seq": .number(JSONNumber(recorded.seq)), "at": .string(recorded.at.description),
                "level": .string(entry.level.rawValue), "message": .string(entry.message),
            ]
            members["step"] = entry.step.map { .string($0) }
            entries.append(.object(live.veil?.hide(members) ?? members))
        }
        page["entries"] = .array(entries)
        return .object(page)
    }

    func runState(_ request: GetRunStateRequest) throws -> JSONValue {
        let live = try engine.load(request.runID)
        var run = live.run
        if let seq = request.atSeq, seq != run.seq {
            guard seq >= 1, seq <= run.seq else {
                throw RPCError.invalidParams(
                    "atSeq must be between 1 and the run's seq, \(run.seq).", pointer: JSONPointer().appending("atSeq"))
            }
            run = try engine.run(live.record, atSeq: seq)
        }
        let members: JSONObject = [
            "runId": .string(run.id), "seq": .number(JSONNumber(run.seq)), "state": .object(run.state),
        ]
        return .object(live.veil?.hide(members) ?? members)
    }

    /// Where to read on: within the run, whatever number was asked for, since the journal counts on from it.
    private static func place(_ afterSeq: Int?, in run: Run) -> Int {
        min(max(afterSeq ?? 0, 0), run.seq)
    }

    func allEvents(of id: RunID, after seq: Int = 0) throws -> [RecordedEvent] {
        try engine.events(of: try engine.load(id).record, afterSeq: seq, limit: .max, maxBytes: .max)
    }
}
