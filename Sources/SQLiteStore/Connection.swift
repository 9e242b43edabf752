internal import CSQLite
internal import WorkflowModel
internal import WorkflowStore

/// A connection to the database, used by one thread at a time.
final class Connection {
    let handle: OpaquePointer
    /// Of a journal's connection.
    private(set) var log: LogKeeper?
    /// Where the store is kept as it was before it was brought up to date, if it was.
    var backup: String?

    /// Said once a process, before SQLite is first used; where somebody else was first, nothing is lost.
    private static let isFrugal = fermata_sqlite_configure_memory() == SQLITE_OK
    private static let gathering = fermata_sqlite_gathering().map { String(cString: $0) }

    /// With `gathersLog` a commit is written in one piece: for connections that sync each.
    init(_ location: StoreLocation, patience: Duration, gathersLog: Bool = false) throws(StoreError) {
        _ = Self.isFrugal
        var name = ":memory:"
        if case .file(let path) = location {
            try PrivateFile.create(path)
            // SQLite takes a leading colon for a name of its own.
            name = path.hasPrefix("/") ? path : "./" + path
        }
        var handle: OpaquePointer?
        let files = gathersLog ? Self.gathering : nil
        let code = sqlite3_open_v2(name, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, files)
        guard let handle else { throw .unavailable("SQLite has no memory for a connection.") }
        self.handle = handle
        guard code == SQLITE_OK else { throw error(code) }
        if files != nil { fermata_sqlite_drop_what_is_rolled_back(handle) }
        wait(atMost: patience)
        // The -wal file outlives the last connection: to make it anew would be most of what opening costs.
        var persists: Int32 = 1
        sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &persists)
        // With a limit whichever connection is the last leaves that file empty, and nobody has to read it at the next start.
        try execute("PRAGMA journal_size_limit=67108864")
    }

    deinit {
        log = nil
        sqlite3_close_v2(handle)
    }

    /// From now on the log is kept between transactions, and written into the database by whoever commits.
    func keepLog() {
        log = LogKeeper(of: handle)
    }

    /// How long a statement waits for another connection's transaction to end.
    func wait(atMost patience: Duration) {
        sqlite3_busy_timeout(handle, Int32(clamping: patience.milliseconds))
    }

    /// Whether the last statement failed because another connection's transaction did not end.
    var isBusy: Bool { sqlite3_errcode(handle) & 0xFF == SQLITE_BUSY }

    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// How many rows the last statement changed.
    var changes: Int { Int(sqlite3_changes(handle)) }

    /// Whether the last statement failed because a unique index holds such a row already, or the run is not there.
    var isAtConflict: Bool { sqlite3_errcode(handle) & 0xFF == SQLITE_CONSTRAINT }

    /// Whether the file or its folder may not be written.
    var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

    /// Whether the file is no longer where it was opened: it was removed, moved, or another stands there.
    var hasMoved: Bool {
        var moved: Int32 = 0
        sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved)
        return moved != 0
    }

    /// Changes when another connection has committed; true to the state that an open transaction sees.
    var dataVersion: UInt32 {
        var version: UInt32 = 0
        // Without a name it is the main database, which need not be looked for.
        sqlite3_file_control(handle, nil, SQLITE_FCNTL_DATA_VERSION, &version)
        return version
    }

    /// Runs statements that return nothing.
    func execute(_ sql: String) throws(StoreError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code) }
    }

    /// What SQLite just said, for whoever asked.
    func error(_ code: Int32) -> StoreError {
        let sentence = String(cString: sqlite3_errmsg(handle))
        switch code & 0xFF {
        case SQLITE_CORRUPT, SQLITE_NOTADB: return .corrupt(sentence)
        case SQLITE_READONLY: return .unavailable("The store may be read and not written: \(sentence).")
        default: return .unavailable(sentence)
        }
    }
}
