/// All the SQL of the journal. Nothing is prepared before its first use.
final class Statements {
    let begin, beginReading, commit, rollback: Statement
    let insertRun, lastKey, updateRun, deleteRun, deleteEntry, deleteInteractions, rememberDeleted: Statement
    let sifted, listed, sift, list, unlist: Statement
    let putSnapshot, dropSnapshots, noteSnapshot, snapshot, deleteSnapshots: Statement
    let appendCut, putBlob, useBlob, hasBlob, blob, deleteBlobs, deleteBlobUses: Statement
    let append, lastPosition, deletedPosition, appendsAfter, allHeads, heads, lastHead, entriesFrom: Statement
    let putInteraction, putWorkflow, putAnswer: Statement
    let runByID, runByKey, runs, childRuns, unparkedRuns, ownersOfUnparkedRuns, nextWake, runsDue, counts: Statement
    let interactions, interactionsOfRun, interactionsOfExecution, interaction: Statement
    let workflowVersion, newestWorkflow, newestVersion, workflows, answer: Statement

    /// The run up to which `unparked` lists the runs that somebody performs, or must.
    private static let sifted = "SELECT max(run) FROM unparked"
    /// Said so that there is no OR, of which the planner would think long at each start.
    private static let isUnparked = "NOT (owner IS NULL AND status <> 'in-progress')"
    private static let areUnparked = "key >= ? AND key <= ? AND namespace = ? AND \(isUnparked)"
    /// The runs that `unparked` lacks.
    static let unlisted = "runs WHERE \(isUnparked) AND key < (\(sifted)) AND key NOT IN (SELECT run FROM unparked)"
    static let ownersOfUnparkedRuns = "SELECT owner FROM runs WHERE \(areUnparked)"

    init(_ connection: Connection) {
        func sql(_ text: String) -> Statement { Statement(connection, text) }
        let run = """
            SELECT key, id, namespace, workflow, version, status, isPaused, labels, cwd, createdAt, startedAt, \
            endedAt, owner, epoch, wakeAt, parent, snapshotSeq, lastSeq FROM runs
            """
        let entry = "SELECT position, run, firstSeq, at, events, blobsAt FROM events"
        let interactionRow = "SELECT id, run, executionID, body, isOpen FROM interactions"
        let workflowColumns = "namespace, name, version, document, registeredAt, isRegistered"
        let workflow = "SELECT \(workflowColumns) FROM workflows"

        begin = Statement(connection, "BEGIN IMMEDIATE", goesOn: true)
        beginReading = sql("BEGIN")
        commit = sql("COMMIT")
        rollback = sql("ROLLBACK")

        insertRun = sql(
            """
            INSERT INTO runs (key, id, namespace, workflow, version, status, isPaused, labels, cwd, createdAt,
                startedAt, endedAt, owner, epoch, wakeAt, parent, firstPosition, lastSeq)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        lastKey = sql("SELECT max((SELECT ifnull(max(key), 0) FROM runs), (SELECT run FROM deleted))")
        // What a run is born with never changes; to set it again would rewrite the index of ids.
        updateRun = sql(
            """
            UPDATE runs SET status = ?, isPaused = ?, startedAt = ?, endedAt = ?, owner = ?,
                epoch = ?, wakeAt = ?, lastSeq = ? WHERE key = ?
            """)
        deleteRun = sql("DELETE FROM runs WHERE key = ?")
        deleteEntry = sql("DELETE FROM events WHERE position = ?")
        deleteInteractions = sql("DELETE FROM interactions WHERE run = ?")
        rememberDeleted = sql(
            "UPDATE deleted SET run = max(run, ?), position = max(position, ?)")

        sifted = sql(Self.sifted)
        listed = sql("SELECT run FROM unparked")
        sift = sql("INSERT INTO unparked SELECT key FROM runs WHERE key >= ? AND (\(Self.isUnparked) OR key = ?)")
        list = sql("INSERT OR IGNORE INTO unparked VALUES (?)")
        unlist = sql("DELETE FROM unparked WHERE run = ?")

        putSnapshot = sql(
            "INSERT OR REPLACE INTO snapshots (run, seq, version, state, blobsAt) VALUES (?, ?, ?, ?, ?)")
        dropSnapshots = sql("DELETE FROM snapshots WHERE run = ? AND version <> ?")
        noteSnapshot = sql(
            "UPDATE runs SET snapshotSeq = (SELECT max(seq) FROM snapshots WHERE run = ?1) WHERE key = ?1")
        snapshot = sql(
            """
            SELECT run, seq, version, state, blobsAt FROM snapshots WHERE run = ? AND seq <= ? AND version = ?
            ORDER BY seq DESC LIMIT 1
            """)
        deleteSnapshots = sql("DELETE FROM snapshots WHERE run = ?")

        putBlob = sql("INSERT INTO blobs (hash, text, blobsAt) VALUES (?, ?, ?)")
        useBlob = sql("INSERT OR IGNORE INTO blobUses (run, hash) VALUES (?, ?)")
        hasBlob = sql("SELECT 1 FROM blobs WHERE hash = ?")
        blob = sql("SELECT text, blobsAt FROM blobs WHERE hash = ?")
        deleteBlobs = sql(
            """
            DELETE FROM blobs WHERE hash IN (SELECT hash FROM blobUses WHERE run = ?1)
                AND NOT EXISTS (SELECT 1 FROM blobUses WHERE hash = blobs.hash AND run <> ?1)
            """)
        deleteBlobUses = sql("DELETE FROM blobUses WHERE run = ?")

        append = sql("INSERT INTO events (position, run, firstSeq, follows, at, events) VALUES (?, ?, ?, ?, ?, ?)")
        appendCut = sql(
            "INSERT INTO events (position, run, firstSeq, follows, at, events, blobsAt) VALUES (?, ?, ?, ?, ?, ?, ?)")
        lastPosition = sql("SELECT max(position) FROM events")
        deletedPosition = sql("SELECT position FROM deleted")
        appendsAfter = sql("\(entry) WHERE position > ? ORDER BY position")
        allHeads = sql(
            """
            SELECT firstPosition, 0 FROM runs WHERE key = ?1 AND firstPosition IS NOT NULL
            UNION ALL SELECT position, firstSeq FROM events WHERE run = ?1 AND follows = 0
            ORDER BY 2
            """)
        let head = "SELECT max(firstSeq) FROM events WHERE run = ?1 AND follows = 0 AND firstSeq <= ?2"
        heads = sql(
            """
            SELECT firstPosition, 0 FROM runs WHERE key = ?1 AND firstPosition IS NOT NULL AND (\(head)) IS NULL
            UNION ALL SELECT position, firstSeq FROM events
                WHERE run = ?1 AND follows = 0 AND firstSeq >= ifnull((\(head)), 0)
            ORDER BY 2
            """)
        lastHead = sql(
            """
            SELECT ifnull((SELECT position FROM events WHERE run = ?1 AND follows = 0 ORDER BY firstSeq DESC LIMIT 1),
                firstPosition) FROM runs WHERE key = ?1
            """)
        entriesFrom = sql(
            "SELECT position, run, firstSeq, at, events, blobsAt, follows FROM events WHERE position >= ? ORDER BY position"
        )

        putInteraction = sql(
            """
            INSERT INTO interactions (id, run, executionID, body, isOpen) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET body = excluded.body, isOpen = excluded.isOpen
            """)
        // Not an upsert: what is put again is the newest again.
        putWorkflow = sql(
            """
            INSERT OR REPLACE INTO workflows (namespace, name, version, document, registeredAt, isRegistered)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        putAnswer = sql("INSERT OR REPLACE INTO idempotency (namespace, key, request, response) VALUES (?, ?, ?, ?)")

        runByID = sql("\(run) WHERE id = ?")
        runByKey = sql("\(run) WHERE key = ?")
        let wanted = """
            key < ?1 AND (?2 IS NULL OR namespace = ?2) AND (?3 IS NULL OR instr(?3, '"' || status || '"'))
                AND (?4 IS NULL OR workflow = ?4) AND (?5 IS NULL OR createdAt > ?5)
                AND (?6 IS NULL OR createdAt < ?6) AND (?7 IS NULL OR isPaused = ?7)
            ORDER BY key DESC
            """
        runs = sql("\(run) WHERE \(wanted)")
        childRuns = sql("\(run) WHERE parent = ?8 AND \(wanted)")
        unparkedRuns = sql("\(run) WHERE \(Self.areUnparked) ORDER BY key")
        ownersOfUnparkedRuns = sql(Self.ownersOfUnparkedRuns)
        nextWake = sql("SELECT min(wakeAt) FROM runs WHERE wakeAt > ?")
        runsDue = sql("\(run) WHERE wakeAt > ? AND wakeAt <= ? ORDER BY wakeAt, key LIMIT ?")
        counts = sql("SELECT status, count(*) FROM runs GROUP BY status")

        // The planner would rather walk the table in its order, past all that were settled.
        interactions = sql(
            """
            \(interactionRow) INDEXED BY interactionsOpen
            WHERE isOpen AND (?1 IS NULL OR ?1 = (SELECT namespace FROM runs WHERE key = interactions.run))
            ORDER BY place
            """)
        interactionsOfRun = sql(
            """
            \(interactionRow)
            WHERE isOpen AND run = ?2 AND (?1 IS NULL OR ?1 = (SELECT namespace FROM runs WHERE key = interactions.run))
            ORDER BY place
            """)
        interactionsOfExecution = sql("\(interactionRow) WHERE isOpen AND executionID = ? ORDER BY place")
        interaction = sql("\(interactionRow) WHERE id = ?")
        workflowVersion = sql("\(workflow) WHERE namespace = ? AND name = ? AND version = ?")
        let newest = """
            FROM workflows WHERE namespace = ? AND name = ? AND isRegistered
            ORDER BY registeredAt DESC, place DESC LIMIT 1
            """
        newestWorkflow = sql("SELECT \(workflowColumns) \(newest)")
        newestVersion = sql("SELECT version \(newest)")
        workflows = sql("\(workflow) WHERE namespace = ? AND isRegistered ORDER BY name, registeredAt DESC, place DESC")
        answer = sql("SELECT namespace, key, request, response FROM idempotency WHERE namespace = ? AND key = ?")
    }
}
