internal import CSQLite
internal import WorkflowStore

/// One SQL statement: prepared when it is first used, then kept.
final class Statement {
    private let connection: Connection
    private let sql: String
    /// Whether it may go on from what the connection has read before.
    private let goesOn: Bool
    private var prepared: OpaquePointer?

    init(_ connection: Connection, _ sql: String, goesOn: Bool = false) {
        self.connection = connection
        self.sql = sql
        self.goesOn = goesOn
    }

    deinit {
        sqlite3_finalize(prepared)
    }

    /// Runs it to its end; how many rows it changed, if it changes rows.
    @discardableResult
    func run<each Value: Bindable>(_ values: repeat each Value) throws(StoreError) -> Int {
        try rows(repeat each values) { (_) throws(StoreError) in true }
        return connection.changes
    }

    /// Calls `body` with each row, until it returns false.
    func rows<each Value: Bindable>(
        _ values: repeat each Value, body: (Row) throws(StoreError) -> Bool
    ) throws(StoreError) {
        let handle = try prepare()
        if let log = connection.log, log.holdsMark, !goesOn, !connection.isInTransaction { log.letGo() }
        // A statement that is not reset would hold its transaction open, and what is bound would stay in memory.
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        var place: Int32 = 0
        for value in repeat each values {
            place += 1
            let code = value.bind(to: handle, at: place)
            guard code == SQLITE_OK else { throw connection.error(code) }
        }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: if try !body(Row(handle)) { return }
            case SQLITE_DONE: return
            case let code: throw connection.error(code)
            }
        }
    }

    func all<each Value: Bindable, Result>(
        _ values: repeat each Value, read: (Row) throws(StoreError) -> Result
    ) throws(StoreError) -> [Result] {
        var found: [Result] = []
        try rows(repeat each values) { (row) throws(StoreError) in
            found.append(try read(row))
            return true
        }
        return found
    }

    func first<each Value: Bindable, Result>(
        _ values: repeat each Value, read: (Row) throws(StoreError) -> Result
    ) throws(StoreError) -> Result? {
        var found: Result?
        try rows(repeat each values) { (row) throws(StoreError) in
            found = try read(row)
            return false
        }
        return found
    }

    private func prepare() throws(StoreError) -> OpaquePointer {
        if let prepared { return prepared }
        let code = sqlite3_prepare_v3(
            connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw connection.error(code) }
        return prepared
    }
}
