internal import CSQLite
internal import Glibc
internal import WorkflowStore

/// The tables, as a list of migrations that is only ever appended to. `user_version` counts those that a file has seen.
enum Schema {
    struct Migration {
        var name: StaticString
        var sql: String
    }

    /// Makes the store ready: a look at its version when it is up to date, and no more.
    static func prepare(_ connection: Connection, at location: StoreLocation) throws(StoreError) {
        try connection.execute("PRAGMA synchronous=FULL")
        if try version(of: connection) == migrations.count { return }
        // Said to a store that is there, it has no effect.
        try connection.execute("PRAGMA page_size=2048")
        if location != .memory { try enterWAL(connection) }
        try migrate(connection, at: location)
    }

    /// The version that this Fermata makes.
    static var newest: Int { migrations.count }

    /// The store's version, unless it is none of Fermata's or a newer one's.
    @discardableResult
    static func checkVersion(of connection: Connection) throws(StoreError) -> Int {
        let version = try version(of: connection)
        if version == 0 { throw .unavailable("The file is not a store of Fermata.") }
        return version
    }

    private static func migrate(_ connection: Connection, at location: StoreLocation) throws(StoreError) {
        try connection.execute("BEGIN IMMEDIATE")
        do throws(StoreError) {
            // Another engine may have been first.
            let version = try version(of: connection)
            if version == 0 { try refuseForeign(connection) }
            if version > 0, version < migrations.count, case .file(let path) = location {
                connection.backup = try keepOld(at: path, version: version)
            }
            for migration in migrations[version...] { try connection.execute(migration.sql) }
            try connection.execute("PRAGMA user_version=\(migrations.count); COMMIT")
        } catch {
            try? connection.execute("ROLLBACK")
            throw error
        }
    }

    private static func version(of connection: Connection) throws(StoreError) -> Int {
        let version = try Int(Statement(connection, "PRAGMA user_version").first { $0.int(0) } ?? 0)
        guard (0...migrations.count).contains(version) else {
            throw .unavailable(
                """
                The store has version \(version), and this Fermata knows versions up to \(migrations.count): \
                update Fermata, or choose another store.
                """)
        }
        return version
    }

    /// Nobody can write meanwhile, so the copy is the store as the older Fermata left it. SQLite copies for a
    /// connection of its own alone, which has not begun to write.
    private static func keepOld(at path: String, version: Int) throws(StoreError) -> String {
        let name = "\(path).backup-version-\(version)"
        var (copy, number) = (name, 1)
        while access(copy, F_OK) == 0 {
            number += 1
            copy = "\(name)-\(number)"
        }
        try StoreBackup.copy(try Connection(.file(path), patience: .zero), to: copy)
        return copy
    }

    private static func refuseForeign(_ connection: Connection) throws(StoreError) {
        let tables = try Statement(connection, "SELECT count(*) FROM sqlite_schema").first { $0.int(0) }
        if tables != 0 { throw .unavailable("The file is an SQLite database, but not a store of Fermata.") }
    }

    /// The file remembers that it is in WAL mode. Two engines that turn a new file over at once do not wait for each
    /// other in SQLite, so the second waits here.
    private static func enterWAL(_ connection: Connection) throws(StoreError) {
        for attempt in 1...500 {
            do throws(StoreError) {
                let mode = try Statement(connection, "PRAGMA journal_mode=WAL").first { $0.text(0) }
                if mode == "wal" { return }
                throw .unavailable("The file system of the store does not carry SQLite's WAL mode.")
            } catch {
                guard sqlite3_errcode(connection.handle) & 0xFF == SQLITE_BUSY, attempt < 500 else { throw error }
                usleep(10_000)
            }
        }
    }

    static let migrations = [
        Migration(
            name: "runs, their events and interactions, workflows, idempotency",
            sql: """
                CREATE TABLE runs (
                    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, namespace TEXT NOT NULL,
                    workflow TEXT NOT NULL, version TEXT NOT NULL, status TEXT NOT NULL, isPaused INTEGER NOT NULL,
                    labels TEXT NOT NULL, cwd TEXT NOT NULL, createdAt INTEGER NOT NULL, startedAt INTEGER,
                    endedAt INTEGER, owner TEXT, epoch INTEGER NOT NULL, wakeAt INTEGER
                );
                -- A million parked runs stand in neither of these.
                CREATE INDEX runsUnparked ON runs(namespace) WHERE owner IS NOT NULL OR status = 'in-progress';
                CREATE INDEX runsToWake ON runs(wakeAt) WHERE wakeAt IS NOT NULL;
                CREATE TABLE events (
                    position INTEGER PRIMARY KEY, run INTEGER NOT NULL, firstSeq INTEGER NOT NULL,
                    at INTEGER NOT NULL, events TEXT NOT NULL
                );
                -- The compare in compare-and-append.
                CREATE UNIQUE INDEX eventsBySeq ON events(run, firstSeq);
                CREATE TABLE interactions (
                    place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, run INTEGER NOT NULL,
                    executionID TEXT NOT NULL, body TEXT NOT NULL, isOpen INTEGER NOT NULL
                );
                CREATE INDEX interactionsByRun ON interactions(run);
                CREATE INDEX interactionsOpen ON interactions(executionID) WHERE isOpen;
                CREATE TABLE workflows (
                    place INTEGER PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
                    document TEXT NOT NULL, registeredAt INTEGER NOT NULL, isRegistered INTEGER NOT NULL,
                    UNIQUE (namespace, name, version)
                );
                CREATE TABLE idempotency (
                    namespace TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, response TEXT NOT NULL,
                    PRIMARY KEY (namespace, key)
                ) WITHOUT ROWID;
                -- The greatest run key and position that were ever deleted, so that none is given twice.
                CREATE TABLE deleted (run INTEGER NOT NULL, position INTEGER NOT NULL);
                INSERT INTO deleted VALUES (0, 0);
                """),
        Migration(
            name: "children of runs",
            sql: """
                ALTER TABLE runs ADD COLUMN parent TEXT;
                CREATE INDEX runsByParent ON runs(parent) WHERE parent IS NOT NULL;
                """),
        Migration(
            name: "snapshots, and blobs by their content",
            sql: """
                ALTER TABLE runs ADD COLUMN snapshotSeq INTEGER;
                -- Where in a text the marks of blobs stand, as a JSON list; null where none does.
                ALTER TABLE events ADD COLUMN blobsAt TEXT;
                CREATE TABLE snapshots (
                    run INTEGER NOT NULL, seq INTEGER NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL,
                    blobsAt TEXT, PRIMARY KEY (run, seq)
                ) WITHOUT ROWID;
                CREATE TABLE blobs (hash TEXT PRIMARY KEY, text TEXT NOT NULL, blobsAt TEXT) WITHOUT ROWID;
                CREATE TABLE blobUses (
                    run INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (run, hash)
                ) WITHOUT ROWID;
                CREATE INDEX blobUsesByHash ON blobUses(hash);
                """),
        Migration(
            name: "indexes that most commits leave alone",
            sql: """
                -- How many entries of the same run stand right before this one, in a row that the index knows the head of.
                ALTER TABLE events ADD COLUMN follows INTEGER DEFAULT 0;
                DROP INDEX eventsBySeq;
                CREATE UNIQUE INDEX eventHeads ON events(run, firstSeq) WHERE follows = 0;
                -- Where the run's first entry stands; null where the index knows it.
                ALTER TABLE runs ADD COLUMN firstPosition INTEGER;
                -- The newest event there was when the row was written: nothing else tells that the last ones were lost.
                ALTER TABLE runs ADD COLUMN lastSeq INTEGER;

                -- Of the runs up to the last one here those that have an owner, or are due for one, stand here, and
                -- that one. Of the later ones, which are few, nothing is written down: most runs come and go there.
                CREATE TABLE unparked (run INTEGER PRIMARY KEY);
                INSERT INTO unparked SELECT key FROM runs
                    WHERE owner IS NOT NULL OR status = 'in-progress' OR key = (SELECT max(key) FROM runs);
                DROP INDEX runsUnparked;
                """),
        Migration(name: "events in shorthand, which versions before cannot read", sql: ""),
    ]
}
