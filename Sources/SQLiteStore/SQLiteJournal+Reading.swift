internal import JSON
package import WorkflowModel
package import WorkflowStore

extension SQLiteJournal {
    package func run(id: String) throws(StoreError) -> RunRecord? {
        try statements.runByID.first(id) { (row) throws(StoreError) in try row.run() }
    }

    package func run(key: Int64) throws(StoreError) -> RunRecord? {
        try statements.runByKey.first(key) { (row) throws(StoreError) in try row.run() }
    }

    package func runs(_ filter: RunFilter, before: Int64?, limit: Int) throws(StoreError) -> [RunRecord] {
        var found: [RunRecord] = []
        let statuses = filter.statuses.isEmpty ? nil : filter.statuses.map { "\"\($0.rawValue)\"" }.joined()
        func take(_ row: Row) throws(StoreError) -> Bool {
            guard found.count < limit else { return false }
            // Equal labels are equal JSON, which is more than SQL can tell of two texts.
            let run = try row.run()
            if filter.matches(labels: run.labels) { found.append(run) }
            return found.count < limit
        }
        let last = before ?? .max
        if let parent = filter.parent {
            try statements.childRuns.rows(
                last, filter.namespace, statuses, filter.workflow, filter.createdAfter, filter.createdBefore,
                filter.isPaused, parent, body: take)
        } else {
            try statements.runs.rows(
                last, filter.namespace, statuses, filter.workflow, filter.createdAfter, filter.createdBefore,
                filter.isPaused, body: take)
        }
        return found
    }

    package func unparkedRuns(namespace: String) throws(StoreError) -> [RunRecord] {
        try unparked(statements.unparkedRuns, of: namespace) { (row) throws(StoreError) in try row.run() }
    }

    package func ownersOfUnparkedRuns(namespace: String) throws(StoreError) -> [String?] {
        try unparked(statements.ownersOfUnparkedRuns, of: namespace) { $0.isNull(0) ? nil : $0.text(0) }
    }

    /// The runs that are listed, and then all behind the last one listed, are looked through. What is near each other is at
    /// once, since to begin anew costs more than to pass some rows that are none of them.
    private func unparked<Result>(
        _ statement: Statement, of namespace: String, read: (Row) throws(StoreError) -> Result
    ) throws(StoreError) -> [Result] {
        let listed = try statements.listed.all { $0.int(0) }.sorted()
        var found: [Result] = []
        var (first, last) = (listed.first ?? 1, listed.first ?? 1)
        for key in listed {
            if key > last + 16 {
                found += try statement.all(first, last, namespace, read: read)
                first = key
            }
            last = key
        }
        return try found + statement.all(first, Int64.max, namespace, read: read)
    }

    package func nextWake(after moment: Timestamp) throws(StoreError) -> Timestamp? {
        try statements.nextWake.first(moment) { $0.optionalMoment(0) } ?? nil
    }

    package func runsDue(
        after earlier: Timestamp, at moment: Timestamp, limit: Int
    ) throws(StoreError) -> [RunRecord] {
        try statements.runsDue.all(earlier, moment, limit) { (row) throws(StoreError) in try row.run() }
    }

    package func entries(run: Int64, afterSeq: Int, maxBytes: Int) throws(StoreError) -> [JournalEntry] {
        var found: [JournalEntry] = []
        var size = 0
        var isWhole = true
        let statements = statementsToRead(run)
        try statements.eachEntry(of: run, from: afterSeq + 1) { (row) throws(StoreError) in
            let entry = try statements.wholeEntry(row)
            if try entry.holdsEvents(after: afterSeq) {
                found.append(entry)
                size += entry.events.count
            }
            isWhole = found.isEmpty || size < maxBytes
            return isWhole
        }
        // Who reads a run within a turn is about to write it.
        if isWhole, let last = found.last { note(JournalEnd(firstSeq: last.firstSeq), of: run) }
        return found
    }

    package func interactions(namespace: String?, run: Int64?) throws(StoreError) -> [InteractionRecord] {
        guard let run else {
            return try statements.interactions.all(namespace) { (row) throws(StoreError) in try row.interaction() }
        }
        return try statements.interactionsOfRun.all(namespace, run) { (row) throws(StoreError) in try row.interaction()
        }
    }

    package func interactions(executionID: String) throws(StoreError) -> [InteractionRecord] {
        try statements.interactionsOfExecution.all(executionID) { (row) throws(StoreError) in try row.interaction() }
    }

    package func interaction(id: String) throws(StoreError) -> InteractionRecord? {
        try statements.interaction.first(id) { (row) throws(StoreError) in try row.interaction() }
    }

    package func workflow(namespace: String, name: String, version: String?) throws(StoreError) -> WorkflowRecord? {
        guard let version else {
            return try statements.newestWorkflow.first(namespace, name) { (row) throws(StoreError) in try row.workflow()
            }
        }
        return try statements.workflowVersion.first(namespace, name, version) { (row) throws(StoreError) in
            try row.workflow()
        }
    }

    package func workflows(namespace: String) throws(StoreError) -> [WorkflowRecord] {
        var found: [WorkflowRecord] = []
        try statements.workflows.rows(namespace) { (row) throws(StoreError) in
            // The newest of a name comes first; the others are not even read.
            if row.text(1) != found.last?.name { found.append(try row.workflow()) }
            return true
        }
        return found
    }

    package func answer(namespace: String, key: String) throws(StoreError) -> IdempotencyRecord? {
        try statements.answer.first(namespace, key) { (row) throws(StoreError) in try row.answer() }
    }

    package func counts() throws(StoreError) -> [RunStatus: Int] {
        var counts: [RunStatus: Int] = [:]
        try statements.counts.rows { (row) throws(StoreError) in
            counts[try row.status(0)] = Int(row.int(1))
            return true
        }
        return counts
    }
}
