package import JSON
import WorkflowCore
import WorkflowModel
import WorkflowStore

/// What `run/fork` asks for.
package struct ForkRequest: Sendable {
    package enum Place: Sendable, Hashable {
        /// The last event that the fork begins with.
        case seq(Int)
        /// Just before the step at this path began.
        case step(String)
    }

    /// The run whose past is taken.
    package var source: RunID
    package var place: Place
    package var input: JSONValue?
    package var state: JSONObject?
    /// The client's choice of an id.
    package var runID: RunID?
    package var idempotencyKey: String?
    package var starts = false
    package var client: String?

    package init(source: RunID, place: Place) {
        self.source = source
        self.place = place
    }

    /// What makes two requests the same.
    var fingerprint: String {
        var members: JSONObject = ["fork": .string(source), "start": .bool(starts)]
        switch place {
        case .seq(let seq): members["fromSeq"] = .number(JSONNumber(seq))
        case .step(let path): members["fromStep"] = .string(path)
        }
        members["input"] = input
        members["state"] = state.map { .object($0) }
        members["runId"] = runID.map { .string($0) }
        return ContentHash.of(.object(members))
    }
}

extension Engine {
    /// Makes a run that begins with what another had recorded up to a place, whatever that one's status is. The same id or key with the same
    /// request gives the first answer again.
    package func fork(_ request: ForkRequest) throws(EngineError) -> CreatedRun {
        try openTurn()
        let keys = idempotencyKeys(runID: request.runID, key: request.idempotencyKey)
        let fingerprint = keys.isEmpty ? "" : request.fingerprint
        for key in keys {
            if let answered = try answer(to: key, fingerprint: fingerprint) { return answered }
        }
        let source = try load(request.source)
        let workflow = source.run.workflow
        if let input = request.input { try check(input, against: workflow) }
        let seq = try seq(of: request.place, in: source)
        let id = request.runID ?? environment.makeID()
        if request.runID != nil, try storedRun(id) != nil { throw .idempotencyConflict(id) }
        try keep(workflow, isRegistered: false)

        let past = try fold(source.record, as: id, upTo: seq).run
        let fact = RunForked(
            source: RunSource(runID: source.id, seq: seq), namespace: configuration.namespace, input: request.input,
            state: request.state, client: request.client)
        let live = try insert(
            Decider(continuing: past, with: .forked(fact), at: turn.now),
            after: try entries(of: source.record, upTo: seq))
        if request.starts { try decide(.start(executionID: environment.makeID()), in: live) }
        let created = CreatedRun(
            runID: live.id, seq: live.run.seq, status: live.run.status, executionID: live.run.executionID)
        try remember(created, under: keys, fingerprint: fingerprint)
        return created
    }

    private func seq(of place: ForkRequest.Place, in live: LiveRun) throws(EngineError) -> Int {
        switch place {
        case .seq(let seq):
            guard (1...live.run.seq).contains(seq) else {
                throw .noSuchPlace(
                    member: "fromSeq", "fromSeq must be between 1 and the run's seq, \(live.run.seq).")
            }
            return try endOfTurn(seq, of: live.record)
        case .step(let path):
            let events = try events(of: live.record, afterSeq: 0, limit: .max, maxBytes: .max)
            guard let seq = Run.seq(beforeStepAt: path, in: events.map(\.event)) else {
                throw .noSuchPlace(
                    member: "fromStep",
                    "The run has not begun a step at the path \"\(path)\"; run/steps shows the paths it has.")
            }
            return seq
        }
    }

    /// What a model answered is taken whole: in the midst of it nobody could go on.
    private func endOfTurn(_ seq: Int, of record: RunRecord) throws(EngineError) -> Int {
        let workflow = try workflow(namespace: record.namespace, name: record.workflow, version: record.version)
        do {
            guard let entry = try journal.entries(run: record.key, afterSeq: seq - 1, maxBytes: 1).first else {
                return seq
            }
            let events = try record.events(of: entry, workflow)
            var end = seq
            while end < entry.firstSeq + events.count - 1,
                events[end - entry.firstSeq].isOneAnswer(with: events[end - entry.firstSeq + 1])
            { end += 1 }
            return end
        } catch {
            throw .store(error)
        }
    }

    /// Adds a run whose past is written as it stands, and then what the decider decided.
    func insert(_ decider: Decider, after past: [JournalEntry]) throws(EngineError) -> LiveRun {
        let creation = decider.run.creation
        var record = RunRecord(
            id: decider.run.id, namespace: creation.namespace, workflow: creation.workflow, version: creation.version,
            status: decider.run.status, labels: creation.labels, cwd: creation.cwd, createdAt: decider.run.createdAt)
        record.parent = creation.parent?.runID
        let live = LiveRun(decider: decider, record: record)
        do {
            live.record.key = try journal.insert(live.record)
            live.stored = live.record.standing
            for entry in past {
                try journal.append(
                    run: live.record.key, firstSeq: entry.firstSeq, at: entry.at, events: entry.events)
                live.tail.add(events: 0, bytes: entry.events.count)
            }
            live.tail.events = try past.last?.lastSeq ?? 0
        } catch {
            throw fault(error)
        }
        self.live[live.id] = live
        try self.record(live)
        return live
    }

    /// A run's entries up to an event, the last one cut where it must be.
    private func entries(of record: RunRecord, upTo seq: Int) throws(EngineError) -> [JournalEntry] {
        do {
            var past: [JournalEntry] = []
            for entry in try journal.entries(run: record.key, afterSeq: 0, maxBytes: .max) where entry.firstSeq <= seq {
                past.append(try entry.prefix(through: seq))
            }
            return past
        } catch {
            throw .store(error)
        }
    }
}
