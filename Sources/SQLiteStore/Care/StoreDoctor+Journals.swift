internal import JSON
internal import WorkflowModel
internal import WorkflowStore

// What a run's journal says, and what the tables say that are made from it.

extension StoreDoctor {
    /// Each run's events are there from the first one without a gap, can be read, and say what the run's row says.
    func examineJournals() {
        look(at: "The list of runs") { () throws(StoreError) in
            let runs = try Statement(connection, "SELECT key, id, status, isPaused, lastSeq FROM runs").all {
                (
                    key: $0.int(0), id: $0.text(1), status: $0.text(2), isPaused: $0.bool(3),
                    lastSeq: $0.isNull(4) ? 0 : Int($0.int(4))
                )
            }
            for run in runs {
                look(at: "The journal of the run \(run.id)") { () throws(StoreError) in
                    guard let told = try readJournal(of: run.key, id: run.id, upTo: run.lastSeq) else { return }
                    guard told.status.rawValue != run.status || told.isPaused != run.isPaused else { return }
                    note(
                        StoreFinding(
                            .warning, "run.stale",
                            "The run \(run.id) is listed as \(run.status), and its journal says \(told.status.rawValue).",
                            repair: "List it as its journal says."),
                        mend: change(
                            """
                            UPDATE runs SET status = '\(told.status.rawValue)', isPaused = \(told.isPaused ? 1 : 0)
                            WHERE key = \(run.key);
                            INSERT INTO unparked SELECT key FROM \(Statements.unlisted) AND key = \(run.key)
                            """))
                }
            }
        }
    }

    /// What the run's newest event about its status says; nil where something is wrong with the journal.
    private func readJournal(of key: Int64, id: String, upTo lastSeq: Int) throws(StoreError) -> StatusChanged? {
        var status = StatusChanged(status: .pending, isPaused: false, previous: .pending)
        var next = 1
        var isWhole = true
        try statements.eachEntry(of: key) { (row) throws(StoreError) in
            let entry = (try? statements.wholeEntry(row)) ?? row.entry
            if entry.firstSeq != next {
                isWhole = false
                noteLoss(of: next...max(next, entry.firstSeq - 1), in: id)
            }
            guard let events = Self.decode(entry.events) else {
                isWhole = false
                note(
                    StoreFinding(
                        .error, "event.unreadable",
                        "The events of the run \(id) from \(entry.firstSeq) on cannot be read by this version."))
                // Where its events cannot even be counted, the next one is missed too.
                next = ((try? entry.lastSeq) ?? entry.firstSeq) + 1
                return true
            }
            for event in events {
                switch event {
                case .statusChanged(let change): status = change
                case .forked: status = StatusChanged(status: .pending, isPaused: false, previous: .pending)
                case .ending: status.isPaused = false
                default: break
                }
            }
            next = entry.firstSeq + events.count
            return true
        }
        if next == 1 {
            note(
                StoreFinding(
                    .error, "run.empty", "The run \(id) has no events: nothing is known of it but its name.",
                    repair: "Remove it."),
                mend: change(
                    """
                    DELETE FROM interactions WHERE run = \(key); DELETE FROM snapshots WHERE run = \(key);
                    DELETE FROM blobUses WHERE run = \(key);
                    DELETE FROM blobs WHERE hash NOT IN (SELECT hash FROM blobUses);
                    DELETE FROM unparked WHERE run = \(key) AND run < (SELECT max(run) FROM unparked);
                    UPDATE deleted SET run = max(run, \(key)); DELETE FROM runs WHERE key = \(key)
                    """))
            return nil
        }
        if next <= lastSeq {
            isWhole = false
            noteLoss(of: next...lastSeq, in: id)
        }
        return isWhole ? status : nil
    }

    private func noteLoss(of events: ClosedRange<Int>, in id: String) {
        note(
            StoreFinding(
                .error, "journal.gap",
                "The run \(id) lacks its events \(events.lowerBound) to \(events.upperBound). A backup or an export may have them."
            ))
    }

    private static func decode(_ text: [UInt8]) -> [RunEvent]? {
        let events = try? EventCoding.decode(text, of: nil)
        return events?.isEmpty ?? true ? nil : events
    }

    /// What belongs to a run that is not there.
    func examineOrphans() {
        for (table, what) in [
            ("events", "events"), ("interactions", "questions"), ("snapshots", "snapshots"), ("blobUses", "blobs"),
        ] {
            look(at: "The table \(table)") { () throws(StoreError) in
                let count = try count("\(table) WHERE run NOT IN (SELECT key FROM runs)")
                guard count > 0 else { return }
                note(
                    StoreFinding(
                        .warning, "\(table).orphaned", "There are \(count) rows of \(what) of runs that are gone.",
                        repair: "Remove them."),
                    mend: change("DELETE FROM \(table) WHERE run NOT IN (SELECT key FROM runs)"))
            }
        }
        look(at: "The open questions") { () throws(StoreError) in
            let ended = "isOpen AND run IN (SELECT key FROM runs WHERE status IN ('completed', 'failed', 'cancelled'))"
            let count = try count("interactions WHERE \(ended)")
            guard count > 0 else { return }
            note(
                StoreFinding(
                    .warning, "interactions.stale", "There are \(count) open questions of runs that have ended.",
                    repair: "Close them."),
                mend: change(
                    #"UPDATE interactions SET isOpen = 0, body = '{"status":"withdrawn"}' WHERE \#(ended)"#))
        }
    }

    /// What runs need, and who performs them.
    func examineRows() {
        look(at: "The workflows") { () throws(StoreError) in
            let runs = try Statement(
                connection,
                """
                SELECT id, workflow FROM runs WHERE NOT EXISTS (SELECT 1 FROM workflows WHERE
                    workflows.namespace = runs.namespace AND name = runs.workflow AND workflows.version = runs.version)
                """
            ).all { ($0.text(0), $0.text(1)) }
            for (id, workflow) in runs {
                note(
                    StoreFinding(
                        .error, "workflow.missing",
                        "The run \(id) has a version of the workflow \(workflow) that is not in the store."))
            }
        }
        look(at: "The owners of runs") { () throws(StoreError) in
            let idle = try Statement(
                connection,
                """
                SELECT namespace, count(*) FROM runs WHERE status = 'in-progress' AND owner IS NULL AND wakeAt IS NULL
                    AND NOT isPaused AND NOT EXISTS (SELECT 1 FROM runs AS children WHERE children.parent = runs.id)
                GROUP BY namespace
                """
            ).all { (namespace: $0.text(0), count: Int($0.int(1))) }
            for (namespace, count) in idle {
                note(
                    StoreFinding(
                        .note, "run.stranded",
                        "Nobody performs \(count) runs of the namespace \(namespace); they wait for a signal, or for an engine that can go on with them."
                    ))
            }
            let owners = try Statement(
                connection,
                "SELECT owner, namespace, count(*) FROM runs WHERE owner IS NOT NULL GROUP BY owner, namespace"
            ).all { (owner: $0.text(0), namespace: $0.text(1), count: Int($0.int(2))) }
            for (owner, namespace, count) in owners where !EngineLock.isHeld(owner, at: path) {
                note(
                    StoreFinding(
                        .note, "run.abandoned",
                        "The engine \(owner) is gone, which performed \(count) runs; the next one of the namespace \(namespace) goes on with them."
                    ))
            }
        }
        look(at: "The list of runs to perform") { () throws(StoreError) in
            let count = try count(Statements.unlisted)
            guard count > 0 else { return }
            note(
                StoreFinding(
                    .error, "run.unlisted", "No engine would find \(count) runs that somebody performs, or must.",
                    repair: "List them."),
                mend: change("INSERT INTO unparked SELECT key FROM \(Statements.unlisted)"))
        }
        look(at: "The runs that wait for a person") { () throws(StoreError) in
            let runs = try Statement(
                connection,
                """
                SELECT id FROM runs WHERE status = 'awaiting'
                    AND NOT EXISTS (SELECT 1 FROM interactions WHERE isOpen AND run = runs.key)
                    AND NOT EXISTS (SELECT 1 FROM runs AS children WHERE children.parent = runs.id AND status = 'awaiting')
                """
            ).all { $0.text(0) }
            for id in runs {
                note(
                    StoreFinding(
                        .warning, "run.unanswerable",
                        "The run \(id) waits for a person, and no question of it is open; a fork from that step asks anew."
                    ))
            }
        }
    }

    func count(_ rows: String) throws(StoreError) -> Int64 {
        try Statement(connection, "SELECT count(*) FROM \(rows)").first { $0.int(0) } ?? 0
    }
}
