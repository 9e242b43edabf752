internal import WorkflowStore

/// Where an entry stands, and how it is found.
///
/// A commit writes whole pages, so an index that has every entry doubles what most commits write. Entries of a run that stand
/// right behind each other are a row, as they are when few runs move: the index has the row's head alone, and each of the
/// others says how many stand between it and the head. Of the first row the index has not even the head: where that will
/// stand is promised to the run when it is created, and is in its own row.
struct EntryPlace {
    /// A row is no longer than this, so that nobody who wants its end reads much in vain.
    static let longestRow = 16

    let position: Int64
    let run: Int64
    /// How many entries of its row stand before it; nil when it stands where its run was promised.
    let follows: Int?

    init(at position: Int64, of run: Int64, after last: EntryPlace?, promised: Int64?) {
        self.position = position
        self.run = run
        if let last, last.run == run, last.position == position - 1, (last.follows ?? 0) + 1 < Self.longestRow {
            follows = (last.follows ?? 0) + 1
        } else {
            follows = promised == position ? nil : 0
        }
    }
}

/// Where the journal of a run ends.
struct JournalEnd {
    /// Of the last entry; 0 when there is none.
    var firstSeq = 0
    /// Where the first one may stand without the index, as long as there is none.
    var promised: Int64?
}

extension Statements {
    /// Calls `body` with the run's entries, from the one that holds `seq` or one shortly before it, until it returns false.
    func eachEntry(
        of run: Int64, from seq: Int = 0, body: (Row) throws(StoreError) -> Bool
    ) throws(StoreError) {
        func readRow(at head: Row) throws(StoreError) -> Bool {
            var goesOn = true
            try eachEntry(of: run, inRowAt: head.int(0)) { (row) throws(StoreError) in
                goesOn = try body(row)
                return goesOn
            }
            return goesOn
        }
        if seq > 1 {
            try heads.rows(run, seq, body: readRow)
        } else {
            // To find the one that holds a seq takes longer than to begin with the first.
            try allHeads.rows(run, body: readRow)
        }
    }

    /// Nil of a run that is not there.
    func end(of run: Int64) throws(StoreError) -> JournalEnd? {
        guard let head = try lastHead.first(run, read: { $0.isNull(0) ? nil : $0.int(0) }) else { return nil }
        guard let head else { return JournalEnd() }
        var end = JournalEnd(promised: head)
        try eachEntry(of: run, inRowAt: head) { row in
            end = JournalEnd(firstSeq: Int(row.int(2)))
            return true
        }
        return end
    }

    private func eachEntry(
        of run: Int64, inRowAt head: Int64, body: (Row) throws(StoreError) -> Bool
    ) throws(StoreError) {
        try entriesFrom.rows(head) { (row) throws(StoreError) in
            guard row.int(1) == run, row.int(6) == row.int(0) - head else { return false }
            return try body(row)
        }
    }
}
