internal import CSQLite

/// What a connection has of the database's log between its transactions.
///
/// A transaction looks where the log ends and marks, with locks, that it reads up to there; when it is over, the mark
/// goes. A statement that stands at its row keeps it, so that the next transaction has but to take the lock for
/// writing, which it gets if nobody wrote meanwhile: two calls of the system instead of six. The price is that nobody
/// begins the log anew as long as the mark stands, and that the connection does not see what others write. So it lets
/// go before it reads anything outside of a transaction, when the log is to be written into the database, and where a
/// transaction wrote nothing.
final class LogKeeper {
    /// How many pages the log has when they are written into the database.
    private static let longest = 2000

    private let handle: OpaquePointer
    /// Prepared when it is first needed.
    private var statement: OpaquePointer?
    private(set) var holdsMark = false
    /// How many pages the log had after the last transaction that wrote any; SQLite says so here.
    private let pages = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

    init(of handle: OpaquePointer) {
        self.handle = handle
        pages.initialize(to: 0)
        sqlite3_wal_hook(
            handle,
            { pages, _, _, count in
                pages?.assumingMemoryBound(to: Int32.self).pointee = count
                return SQLITE_OK
            }, pages)
    }

    /// Before the connection is closed.
    deinit {
        sqlite3_wal_hook(handle, nil, nil)
        sqlite3_finalize(statement)
        pages.deallocate()
    }

    /// Keeps the mark of the open transaction. Where that cannot be, the next one begins anew.
    func hold() {
        if holdsMark { return }
        if statement == nil {
            sqlite3_prepare_v3(
                handle, "PRAGMA user_version", -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        }
        holdsMark = sqlite3_step(statement) == SQLITE_ROW
    }

    func letGo() {
        if holdsMark { sqlite3_reset(statement) }
        holdsMark = false
    }

    /// After each commit.
    func tidy() {
        let count = pages.pointee
        pages.pointee = 0
        if count == 0 || count >= Self.longest { letGo() }
        // Others may read what is still needed; then it is done after one of the next commits.
        if count >= Self.longest { sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil) }
    }
}
