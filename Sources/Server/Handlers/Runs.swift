import JSON
import RPC
import ServiceProtocol
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

extension Session {
    func create(_ request: CreateRunRequest) throws -> JSONValue {
        let definition: RunRequest.Definition =
            switch request.workflow {
            case .name(let name): .registered(name: name, version: request.version)
            case .document(let document): .document(document)
            }
        var run = RunRequest(definition: definition, cwd: request.cwd ?? composition.options.cwd)
        run.input = request.input
        run.options = runOptions(request.options)
        run.labels = request.labels ?? [:]
        run.runID = request.runID
        run.idempotencyKey = request.idempotencyKey
        run.starts = request.start ?? false
        run.client = client?.clientInfo?.name
        isCreating = true
        defer { isCreating = false }
        return try engine.create(run).json
    }

    func start(_ request: StartRunRequest) throws -> JSONValue {
        if subscriptions[request.runID] == nil {
            // Told from its first event, also when another client created it.
            let subscription = Subscription(runID: request.runID, after: 0)
            subscriptions[request.runID] = subscription
            lag(subscription)
        }
        do {
            return try begin(request.runID, expectedSeq: request.expectedSeq) { .start(executionID: $0) }
        } catch {
            if subscriptions[request.runID]?.seq == 0 { subscriptions[request.runID] = nil }
            throw error
        }
    }

    func retry(_ request: RetryRunRequest) throws -> JSONValue {
        try begin(request.runID, expectedSeq: request.expectedSeq) { .retry(executionID: $0) }
    }

    private func begin(
        _ id: RunID, expectedSeq: Int?, _ command: (_ executionID: String) -> Command
    ) throws -> JSONValue {
        try move(id, command(engine.environment.makeID()), expectedSeq: expectedSeq)
    }

    func signal(_ request: SignalExecutionRequest) throws -> JSONValue {
        let signal = Signal(
            name: request.name, payload: request.payload, idempotencyKey: request.idempotencyKey)
        return try move(request.runID, .signal(signal), expectedSeq: request.expectedSeq)
    }

    func move(_ id: RunID, _ command: Command, expectedSeq: Int?) throws -> JSONValue {
        RunView.handle(of: try engine.perform(command, on: id, expectedSeq: expectedSeq).run)
    }

    func deleteRun(_ request: DeleteRunRequest) throws -> JSONValue {
        let seq = try engine.delete(request.runID, expectedSeq: request.expectedSeq)
        subscriptions[request.runID] = nil
        return ["runId": .string(request.runID), "seq": .number(JSONNumber(seq))]
    }

    func getRun(_ request: GetRunRequest) throws -> JSONValue {
        RunView.details(of: try engine.load(request.runID), inFull: true, engine: engine)
    }

    func listRuns(_ request: ListRunsRequest) throws -> JSONValue {
        var filter = RunFilter()
        filter.namespace = Self.scope(request.namespace, default: engine.configuration.namespace)
        filter.workflow = request.workflow
        filter.labels = request.labels ?? [:]
        filter.isPaused = request.isPaused
        filter.parent = request.parent
        filter.createdAfter = try moment(request.createdAfter, member: "createdAfter")
        filter.createdBefore = try moment(request.createdBefore, member: "createdBefore")
        for (index, name) in request.statuses.enumerated() {
            guard let status = RunStatus(rawValue: name) else {
                let known = RunStatus.allCases.map(\.rawValue).joined(separator: ", ")
                let pointer = JSONPointer().appending("filter").appending("status").appending(index)
                throw RPCError.invalidParams("\"\(name)\" is none of \(known).", pointer: pointer)
            }
            filter.statuses.append(status)
        }
        let limit = min(max(request.limit ?? 50, 1), 1000)
        let before = try Self.key(ofCursor: request.cursor, in: ListRunsRequest.method)
        let records = try engine.runRecords(filter, before: before, limit: limit + 1)
        var members = JSONObject()
        let runs = try records.prefix(limit).map(summary)
        members["runs"] = .array(runs)
        if records.count > limit { members["nextCursor"] = .string(String(records[limit - 1].key)) }
        return .object(members)
    }

    /// A run that cannot be read keeps nobody from the others.
    private func summary(of record: RunRecord) throws(EngineError) -> JSONValue {
        do throws(EngineError) {
            return RunView.details(of: try engine.load(record.id), inFull: false, engine: engine)
        } catch {
            guard case .store(.corrupt(let reason)) = error else { throw error }
            return RunView.unreadable(record, reason)
        }
    }

    static func key(ofCursor cursor: String?, in method: String) throws(RPCError) -> Int64? {
        guard let cursor else { return nil }
        if let key = Int64(cursor) { return key }
        throw .invalidParams("This is no cursor of \(method).", pointer: JSONPointer().appending("cursor"))
    }

    static func scope(_ namespace: String?, default own: String) -> String? {
        namespace == "*" ? nil : namespace ?? own
    }

    private func moment(_ text: String?, member: String) throws -> Timestamp? {
        guard let text else { return nil }
        if let moment = Timestamp(parsing: text) { return moment }
        throw RPCError.invalidParams(
            "\(member) must be an RFC 3339 time such as 2026-01-31T09:30:00Z.",
            pointer: JSONPointer().appending("filter").appending(member))
    }
}
