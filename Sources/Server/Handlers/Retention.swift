import JSON
import RPC
import ServiceProtocol
import WorkflowEngine
import WorkflowModel
import WorkflowStore

extension Session {
    func prune(_ request: PruneRunsRequest) throws -> JSONValue {
        var filter = RetentionFilter(endedBefore: engine.now + .milliseconds(-request.olderThanMs))
        filter.namespace = Self.scope(request.namespace, default: engine.configuration.namespace)
        for (index, name) in request.statuses.enumerated() {
            guard let status = RunStatus(rawValue: name), status.isTerminal else {
                let known = RunStatus.allCases.filter(\.isTerminal).map(\.rawValue).joined(separator: ", ")
                let pointer = JSONPointer().appending("status").appending(index)
                throw RPCError.invalidParams("\"\(name)\" is none of \(known).", pointer: pointer)
            }
            filter.statuses.append(status)
        }
        let page = try engine.prune(
            filter, after: try Self.key(ofCursor: request.cursor, in: PruneRunsRequest.method) ?? 0,
            limit: min(max(request.limit ?? 100, 1), 1000), isDry: request.dryRun ?? false)
        for run in page.runs where request.dryRun != true { subscriptions[run.record.id] = nil }
        var answer: JSONObject = [
            "runs": .array(page.runs.map(\.json)), "workflows": .number(JSONNumber(page.leftovers.workflows)),
            "idempotencyKeys": .number(JSONNumber(page.leftovers.answers)),
        ]
        answer["nextCursor"] = page.next.map { .string(String($0)) }
        return .object(answer)
    }

    // MARK: The setting

    /// Begins to remove runs of this namespace that ended longer ago than the setting says.
    func beginRetention() {
        guard let days = settings?.retentionDays.value else { return }
        // Not while the client waits for its first answers.
        engine.alarm(at: engine.now + .seconds(1)) { [weak self] _ in self?.applyRetention(days: days, after: 0) }
    }

    private func applyRetention(days: Int, after key: Int64) {
        var filter = RetentionFilter(endedBefore: engine.now + .seconds(-86_400 * days))
        filter.namespace = engine.configuration.namespace
        var (next, pause) = (Int64(0), Duration.seconds(3600))
        do {
            let page = try engine.prune(filter, after: key, limit: 100, isDry: false)
            for run in page.runs { subscriptions[run.record.id] = nil }
            if !page.runs.isEmpty {
                composition.options.log.write(
                    .info, "Removed \(page.runs.count) runs that ended more than \(days) days ago.")
            }
            // Others are served between the pages.
            if let more = page.next { (next, pause) = (more, .milliseconds(20)) }
        } catch {
            composition.options.log.write(.warning, "Old runs were not removed: \(RPCError(error).message)")
        }
        engine.alarm(at: engine.now + pause) { [weak self] _ in self?.applyRetention(days: days, after: next) }
    }
}

extension PrunedRun {
    fileprivate var json: JSONValue {
        var members: JSONObject = [
            "runId": .string(record.id), "workflow": .string(record.workflow),
            "status": .string(record.status.rawValue),
        ]
        members["endedAt"] = record.endedAt.map { .string($0.description) }
        members["children"] = .number(JSONNumber(children))
        return .object(members)
    }
}
