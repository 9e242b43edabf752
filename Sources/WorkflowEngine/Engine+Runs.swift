package import JSON
import WorkflowCore
package import WorkflowModel
package import WorkflowStore

extension Engine {
    /// Creates a run, and starts it when that is asked. The same id or key with the same request gives the first answer again.
    package func create(_ request: RunRequest) throws(EngineError) -> CreatedRun {
        try openTurn()
        let name = request.isNew ? nil : request.runID
        let keys = idempotencyKeys(runID: name, key: request.idempotencyKey)
        let fingerprint = keys.isEmpty ? "" : request.fingerprint
        for key in keys {
            if let answered = try answer(to: key, fingerprint: fingerprint) { return answered }
        }
        let workflow = try definition(of: request)
        let options = try parseOptions(request.options)
        try check(request.input, against: workflow)
        var seen: [String] = []
        let isForbidden = try checkSteps(of: workflow, &seen)
        let live = try insert(request, workflow, options)
        if isForbidden { forbidden.insert(live.id) }
        if request.starts { try decide(.start(executionID: environment.makeID()), in: live) }
        let created = CreatedRun(
            runID: live.id, seq: live.seq, status: live.status, executionID: live.executionID)
        try remember(created, under: keys, fingerprint: fingerprint)
        return created
    }

    private func insert(
        _ request: RunRequest, _ workflow: Workflow, _ options: RunOptions
    ) throws(EngineError) -> LiveRun {
        let creation = RunCreated(
            workflow: workflow.name, version: workflow.version, namespace: configuration.namespace, cwd: request.cwd,
            input: request.input, options: request.options, labels: request.labels, client: request.client)
        let id = request.runID ?? environment.makeID()
        if request.runID != nil, !request.isNew, try storedRun(id) != nil { throw .idempotencyConflict(id) }
        return try insert(creation, id: id, workflow, options, records: !request.starts)
    }

    /// A new run in memory; what `records` it at once is whether nothing more is decided about it in this turn.
    func insert(
        _ creation: RunCreated, id: RunID, _ workflow: Workflow, _ options: RunOptions, records: Bool
    ) throws(EngineError) -> LiveRun {
        let decider = Decider(creating: id, workflow: workflow, creation: creation, options: options, at: turn.now)
        var record = RunRecord(
            id: id, namespace: creation.namespace, workflow: creation.workflow, version: creation.version,
            status: decider.run.status, labels: creation.labels, cwd: creation.cwd, createdAt: turn.now)
        record.parent = creation.parent?.runID
        let live = LiveRun(decider: decider, record: record)
        self.live[id] = live
        if records { try self.record(live) }
        return live
    }

    /// A run's id and its key are both names under which a request is known.
    func idempotencyKeys(runID: RunID?, key: String?) -> [String] {
        var keys: [String] = []
        if let runID { keys.append("run:\(runID)") }
        if let key { keys.append("key:\(key)") }
        return keys
    }

    func remember(_ created: CreatedRun, under keys: [String], fingerprint: String) throws(EngineError) {
        do {
            for key in keys {
                try journal.put(
                    IdempotencyRecord(
                        namespace: configuration.namespace, key: key, request: fingerprint, response: created.json))
            }
        } catch {
            throw fault(error)
        }
    }

    func answer(to key: String, fingerprint: String) throws(EngineError) -> CreatedRun? {
        do {
            guard let known = try journal.answer(namespace: configuration.namespace, key: key) else { return nil }
            // The name of a run that was deleted is free again.
            guard let id = known.response["runId"]?.string, try journal.run(id: id) != nil else { return nil }
            if known.request == fingerprint, let created = CreatedRun(json: known.response) { return created }
        } catch {
            throw fault(error)
        }
        throw .idempotencyConflict(String(key.dropFirst(4)))
    }

    private func definition(of request: RunRequest) throws(EngineError) -> Workflow {
        switch request.definition {
        case .registered(let name, let version):
            let namespace = configuration.namespace
            // The usual case: the document was parsed before, and need not be read.
            if version == nil, let newest = newestVersion(of: name, namespace: namespace) {
                return try workflow(namespace: namespace, name: name, version: newest)
            }
            let record = try workflowRecord(name, version: version)
            return try workflow(namespace: record.namespace, name: record.name, version: record.version)
        case .document(let document):
            let workflow = try read(document).workflow
            try keep(workflow, isRegistered: false)
            return workflow
        }
    }

    private func parseOptions(_ options: JSONValue?) throws(EngineError) -> RunOptions {
        do {
            return try RunOptions.parse(options)
        } catch {
            throw .optionsInvalid(error.problems)
        }
    }

    func check(_ input: JSONValue?, against workflow: Workflow) throws(EngineError) {
        guard let violations = workflow.input?.validate(input ?? .null), !violations.isEmpty else { return }
        throw .inputInvalid(violations)
    }

    /// A handler that nobody hosts is told now, not when the run comes to it. True when there are steps that this host
    /// does not allow. Workflows that are not registered yet may be when their step starts.
    private func checkSteps(of workflow: Workflow, _ seen: inout [String]) throws(EngineError) -> Bool {
        guard configuration.performs, !seen.contains(workflow.name) else { return false }
        seen.append(workflow.name)
        return try checkSteps(workflow.allSteps, &seen)
    }

    private func checkSteps(_ steps: [Step], _ seen: inout [String]) throws(EngineError) -> Bool {
        var isForbidden = false
        for step in steps {
            if case .workflow(let child) = step.kind,
                let version = newestVersion(of: child.name, namespace: configuration.namespace)
            {
                let child = try self.workflow(
                    namespace: configuration.namespace, name: child.name, version: version)
                isForbidden = try checkSteps(of: child, &seen) || isForbidden
            }
            guard step.kind.hasBody else { continue }
            switch readiness(for: step) {
            case .ready: continue
            case .missingHandler(let name): throw .handlerMissing(name, step: step.name)
            case .notPermitted: isForbidden = true
            }
        }
        return isForbidden
    }

    /// The same for a step that a program is about to open.
    func checkSteps(of step: Step, in live: LiveRun) throws(EngineError) {
        var seen: [String] = []
        if try checkSteps(Flow(single: step).allSteps, &seen) { forbidden.insert(live.id) }
    }

    package func delete(_ id: RunID, expectedSeq: Int?) throws(EngineError) -> Int {
        try openTurn()
        let live = try load(id)
        let run = live.run
        if let expectedSeq, expectedSeq != run.seq { throw .seqConflict(expected: expectedSeq, actual: run.seq) }
        guard run.status == .pending || run.status.isTerminal else {
            throw .refused(.invalidTransition(status: run.status, isPaused: run.isPaused, allowed: run.allowedMethods))
        }
        for id in try descendants(of: id) { try remove(load(id)) }
        try remove(live)
        return run.seq
    }

    private func remove(_ live: LiveRun) throws(EngineError) {
        do {
            try journal.deleteRun(live.record.key)
        } catch {
            throw fault(error)
        }
        // Until the commit it is only marked: what is under way for it is stopped then, and not if the turn fails.
        live.isDeleted = true
        turn.touch(live)
        turn.changesWakes = true
    }

    // MARK: Loading

    /// The run as it is now, decided but perhaps not yet durable; whoever tells of it waits for the end of the turn.
    package func load(_ id: RunID) throws(EngineError) -> LiveRun {
        if let live = live[id] {
            try refresh(live)
            return live
        }
        guard let record = try storedRun(id) else { throw .runNotFound(id) }
        return try load(record)
    }

    /// Memory that is ahead of the store after a turn that failed is read anew.
    func refresh(_ live: LiveRun) throws(EngineError) {
        if live.isDeleted { throw .runNotFound(live.id) }
        guard live.isStale else { return }
        try reload(live)
        turn.touch(live)
    }

    /// The same for a run whose row was just read, and perhaps its journal as well.
    func load(_ record: RunRecord, folded: Fold? = nil) throws(EngineError) -> LiveRun {
        if live[record.id] != nil { return try load(record.id) }
        let fold = if let folded { folded } else { try fold(record, as: record.id, upTo: .max) }
        let live = LiveRun(decider: Decider(fold.run), record: record)
        live.tail = fold.tail
        live.stored = record.standing
        if turn.isOpen { self.live[record.id] = live }
        if turn.isOpen { turn.touch(live) }
        return live
    }

    /// A run that cannot be read now fails the turn: what was wanted of it may be something that nobody says twice.
    func loadToDecide(_ id: RunID) throws(EngineError) -> LiveRun {
        do throws(EngineError) {
            return try load(id)
        } catch {
            noteUnavailable(error)
            throw error
        }
    }

    func reload(_ live: LiveRun) throws(EngineError) {
        guard let record = try storedRun(live.id) else {
            // Another engine deleted it: with the end of the turn it leaves memory, and its bodies are stopped.
            live.isDeleted = true
            turn.touch(live)
            throw .runNotFound(live.id)
        }
        let fold = try fold(record, as: record.id, upTo: .max)
        live.decider = Decider(fold.run)
        live.tail = fold.tail
        live.record = record
        live.openInteractions = Set(live.run.interactions.map(\.id))
        live.stored = record.standing
        live.isStale = false
    }

    package func storedRun(_ id: RunID) throws(EngineError) -> RunRecord? {
        do {
            return try journal.run(id: id)
        } catch {
            throw .store(error)
        }
    }

    func storedRun(key: Int64) throws(EngineError) -> RunRecord? {
        do {
            return try journal.run(key: key)
        } catch {
            throw .store(error)
        }
    }

    /// A run's events after `seq`, oldest first, from its journal: at most `limit`, and about `maxBytes` of them.
    package func events(
        of record: RunRecord, afterSeq: Int, limit: Int, maxBytes: Int
    ) throws(EngineError) -> [RecordedEvent] {
        let workflow = try workflow(namespace: record.namespace, name: record.workflow, version: record.version)
        do {
            var events: [RecordedEvent] = []
            var last = afterSeq
            var bytes = 0
            for entry in try journal.entries(run: record.key, afterSeq: afterSeq, maxBytes: maxBytes) {
                try record.demand(entry, follows: last)
                bytes += entry.events.count
                for (offset, event) in try record.events(of: entry, workflow).enumerated() {
                    let seq = entry.firstSeq + offset
                    guard seq > afterSeq else { continue }
                    guard events.count < limit else { return events }
                    events.append(RecordedEvent(seq: seq, at: entry.at, event: event))
                    last = seq
                }
            }
            // Else there is another page.
            if bytes < maxBytes { try record.demandNothing(after: last) }
            return events
        } catch {
            throw .store(error)
        }
    }
}

/// An event with its place in the journal.
package struct RecordedEvent: Sendable {
    package var seq: Int
    package var at: Timestamp
    package var event: RunEvent
}

extension CreatedRun {
    package var json: JSONValue {
        var members: JSONObject = [
            "runId": .string(runID), "seq": .number(JSONNumber(seq)), "status": .string(status.rawValue),
        ]
        members["executionId"] = executionID.map { .string($0) }
        return .object(members)
    }

    init?(json: JSONValue) {
        guard let runID = json["runId"]?.string, let seq = json["seq"]?.int,
            let status = json["status"]?.string.flatMap(RunStatus.init)
        else { return nil }
        self.init(runID: runID, seq: seq, status: status, executionID: json["executionId"]?.string)
    }
}
