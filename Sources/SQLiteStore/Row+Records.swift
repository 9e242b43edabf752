internal import JSON
internal import WorkflowModel
internal import WorkflowStore

/// The records, from rows whose columns stand as `Statements` selects them.
extension Row {
    /// What stands in blobs is left there: `blobs` of the same row tells where.
    var entry: JournalEntry {
        JournalEntry(position: int(0), run: int(1), firstSeq: Int(int(2)), at: moment(3), events: events(4))
    }

    /// Where in its text the marks of blobs stand, of a row that has any.
    func places(_ column: Int32) throws(StoreError) -> [Int]? {
        if isNull(column) { return nil }
        guard let places = try json(column).array?.map(\.int), !places.contains(nil) else {
            throw .corrupt("The store does not tell where the blobs of a text stand.")
        }
        return places.compactMap(\.self)
    }

    func run() throws(StoreError) -> RunRecord {
        guard case .object(let labels) = try json(7) else {
            throw .corrupt("The labels of run \(text(1)) are no object.")
        }
        var run = try RunRecord(
            key: int(0), id: text(1), namespace: text(2), workflow: text(3), version: text(4), status: status(5),
            isPaused: bool(6), labels: labels, cwd: text(8), createdAt: moment(9))
        run.startedAt = optionalMoment(10)
        run.endedAt = optionalMoment(11)
        run.owner = isNull(12) ? nil : text(12)
        run.epoch = int(13)
        run.wakeAt = optionalMoment(14)
        run.parent = isNull(15) ? nil : text(15)
        run.snapshotSeq = isNull(16) ? nil : Int(int(16))
        run.lastSeq = isNull(17) ? nil : Int(int(17))
        return run
    }

    func interaction() throws(StoreError) -> InteractionRecord {
        InteractionRecord(id: text(0), run: int(1), executionID: text(2), body: try json(3), isOpen: bool(4))
    }

    func workflow() throws(StoreError) -> WorkflowRecord {
        WorkflowRecord(
            namespace: text(0), name: text(1), version: text(2), document: try json(3), registeredAt: moment(4),
            isRegistered: bool(5))
    }

    func answer() throws(StoreError) -> IdempotencyRecord {
        IdempotencyRecord(namespace: text(0), key: text(1), request: text(2), response: try json(3))
    }

    func status(_ column: Int32) throws(StoreError) -> RunStatus {
        guard let status = RunStatus(rawValue: text(column)) else {
            throw .corrupt("The store holds a run of the unknown status “\(text(column))”.")
        }
        return status
    }

    func optionalMoment(_ column: Int32) -> Timestamp? {
        isNull(column) ? nil : moment(column)
    }
}
