internal import JSON
package import WorkflowStore

// Great values stand once in the store, however many events, runs and snapshots have them.

extension SQLiteJournal {
    /// Keeps what was taken out of a text of the run's.
    func keep(_ blobs: [String: CutText], for run: Int64) throws(StoreError) {
        for (hash, blob) in blobs {
            // What a run uses already is there.
            guard try statements.useBlob.run(run, hash) > 0,
                try statements.hasBlob.first(hash, read: { _ in true }) == nil
            else { continue }
            try statements.putBlob.run(hash, blob.text, JSONValue(places: blob.places))
        }
    }

    package func put(_ snapshot: SnapshotRecord) throws(StoreError) {
        try statements.dropSnapshots.run(snapshot.run, snapshot.version)
        let (whole, blobs) = CutText.cutting(snapshot.state, below: 1) ?? (CutText(text: snapshot.state), [:])
        try statements.putSnapshot.run(
            snapshot.run, snapshot.seq, snapshot.version, whole.text, JSONValue(places: whole.places))
        try keep(blobs, for: snapshot.run)
        try statements.noteSnapshot.run(snapshot.run)
    }

    package func snapshot(run: Int64, version: Int, upTo seq: Int) throws(StoreError) -> SnapshotRecord? {
        let statements = statementsToRead(run)
        return try statements.snapshot.first(run, seq, version) { (row) throws(StoreError) in
            let state = try statements.whole(row.bytes(3), row.places(4))
            return SnapshotRecord(run: run, seq: Int(row.int(1)), version: version, state: state)
        }
    }
}

extension Statements {
    /// An entry with what was taken out of it.
    func wholeEntry(_ row: Row) throws(StoreError) -> JournalEntry {
        var entry = row.entry
        if let places = try row.places(5) { entry.events = try whole(entry.events, places) }
        return entry
    }

    func whole(_ text: [UInt8], _ places: [Int]?) throws(StoreError) -> [UInt8] {
        guard let places else { return text }
        let whole = try CutText(text: text, places: places).joined { (hash) throws(StoreError) in
            try blob.first(hash) { (row) throws(StoreError) in
                CutText(text: row.bytes(0), places: try row.places(1) ?? [])
            }
        }
        guard let whole else { throw .corrupt("A blob is missing, or damaged, that a run's events have.") }
        return whole
    }
}

extension JSONValue {
    /// How places are stored; nil for none.
    init?(places: [Int]) {
        if places.isEmpty { return nil }
        self = .array(places.map { .number(JSONNumber($0)) })
    }
}
