internal import CSQLite
internal import Glibc
package import WorkflowModel
package import WorkflowStore

/// Copies of a store, made while engines work on it: the state that one moment's commits left, in a file of mode 0600.
package enum StoreBackup {
    /// Copies the store at `path`, to `target` where one is given, else to a file beside it that is named after the
    /// moment; that file's path. A file that is there already is left alone.
    package static func make(of path: String, to target: String?, at moment: Timestamp) throws(StoreError) -> String {
        guard access(path, F_OK) == 0 else { throw PrivateFile.failure("open", path) }
        let target = target ?? name(of: path, at: moment)
        let connection = try Connection(.file(path), patience: .seconds(5))
        try Schema.checkVersion(of: connection)
        try copy(connection, to: target)
        return target
    }

    /// Such as `fermata.db.backup-20260131T093000Z`.
    static func name(of path: String, at moment: Timestamp, _ suffix: String = "") -> String {
        let text = moment.description.prefix { $0 != "." }.filter { $0 != "-" && $0 != ":" }
        return "\(path).backup-\(text)Z\(suffix)"
    }

    static func copy(_ connection: Connection, to target: String) throws(StoreError) {
        guard access(target, F_OK) != 0 else { throw .unavailable("There is a file \(target) already.") }
        let draft = "\(target).partial-\(getpid())"
        unlink(draft)
        do throws(StoreError) {
            try PrivateFile.create(draft)
            try copyPages(of: connection, to: draft)
            try synchronize(draft)
            guard rename(draft, target) == 0 else { throw PrivateFile.failure("create", target) }
        } catch {
            unlink(draft)
            throw error
        }
        try PrivateFile.synchronizeFolder(of: target)
    }

    /// All in one step, which sees one state of the store. Writers need not wait for it.
    private static func copyPages(of connection: Connection, to draft: String) throws(StoreError) {
        let copy = try Connection(.file(draft), patience: .zero)
        // Nothing is lost with a draft.
        try copy.execute("PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF")
        guard let backup = sqlite3_backup_init(copy.handle, "main", connection.handle, "main") else {
            throw copy.error(sqlite3_errcode(copy.handle))
        }
        var code = SQLITE_OK
        for _ in 0..<500 {
            code = sqlite3_backup_step(backup, -1)
            guard code == SQLITE_BUSY || code == SQLITE_LOCKED else { break }
            usleep(10_000)
        }
        let end = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, end == SQLITE_OK else { throw copy.error(code == SQLITE_DONE ? end : code) }
    }

    private static func synchronize(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PrivateFile.failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw PrivateFile.failure("write", path) }
    }
}
