internal import CSQLite
internal import Glibc
internal import JSON
package import WorkflowModel
package import WorkflowStore

/// Looks a store over, and puts right what can be put right without guessing.
package final class StoreDoctor {
    /// A finding, and what mends it.
    struct Case {
        var finding: StoreFinding
        var mend: (() throws(StoreError) -> Void)?
    }

    let path: String
    let connection: Connection
    let statements: Statements
    private var cases: [Case] = []

    /// Opens the store at `path`, which must be there. It is neither brought up to date nor changed otherwise.
    package init(path: String) throws(StoreError) {
        guard access(path, F_OK) == 0 else { throw PrivateFile.failure("open", path) }
        self.path = path
        // Opening makes what is missing beside the database; what is there is looked at first.
        let modes = FileModes.wrong(at: path)
        connection = try Connection(.file(path), patience: .seconds(5))
        statements = Statements(connection)
        cases += modes.map { file in
            Case(finding: file.finding) { () throws(StoreError) in try file.mend() }
        }
    }

    /// Everything there is to say, the gravest first; with `repairs` also what can be mended is, after a backup, and the
    /// last finding says where that is.
    package func examine(repairs: Bool, at moment: Timestamp) throws(StoreError) -> [StoreFinding] {
        let version = try Schema.checkVersion(of: connection)
        examineIntegrity()
        if version == Schema.newest {
            examineJournals()
            examineOrphans()
            examineBlobs()
            examineRows()
        }
        examineEngines()
        examineSize(version: version)
        var backup: StoreFinding?
        if repairs, cases.contains(where: { $0.mend != nil }) {
            let place = try StoreBackup.make(of: path, to: nil, at: moment)
            backup = StoreFinding(.note, "backup", "The store as it was before the repair is \(place).")
            repair()
        }
        let found = cases.map(\.finding) + (backup.map { [$0] } ?? [])
        return found.enumerated().sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
            .map(\.element)
    }

    private func repair() {
        for index in cases.indices {
            guard let mend = cases[index].mend else { continue }
            do throws(StoreError) {
                try mend()
                cases[index].finding.isRepaired = true
            } catch {
                cases[index].finding.message += " It could not be mended: \(error.reason)"
            }
        }
    }

    func note(_ finding: StoreFinding, mend: (() throws(StoreError) -> Void)? = nil) {
        cases.append(Case(finding: finding, mend: mend))
    }

    /// Looks at one thing; what cannot be read there is a finding of its own, and the rest is looked at all the same.
    func look(at what: String, _ body: () throws(StoreError) -> Void) {
        do throws(StoreError) {
            try body()
        } catch {
            note(StoreFinding(.error, "store.unreadable", "\(what) cannot be read: \(error.reason)"))
        }
    }

    /// A statement that mends, in a transaction of its own.
    func change(_ sql: String) -> () throws(StoreError) -> Void {
        { [connection] () throws(StoreError) in
            try connection.execute("BEGIN IMMEDIATE")
            do throws(StoreError) {
                try connection.execute(sql)
                try connection.execute("COMMIT")
            } catch {
                try? connection.execute("ROLLBACK")
                throw error
            }
        }
    }

    // MARK: The file

    private func examineIntegrity() {
        var complaints: [String] = []
        // It may come upon what it cannot go past; what it told until then counts.
        try? Statement(connection, "PRAGMA integrity_check(20)").rows { row in
            if row.text(0) != "ok" { complaints.append(row.text(0)) }
            return true
        }
        let isIndexAlone = complaints.allSatisfy { $0.holds("index") && !$0.hasPrefix("***") }
        for complaint in complaints {
            note(
                StoreFinding(
                    .error, isIndexAlone ? "index.damaged" : "page.damaged",
                    "The file is damaged: \(complaint)\(isIndexAlone ? "." : "; what is on other pages is served.")",
                    repair: isIndexAlone ? "Make the indexes anew." : nil),
                mend: isIndexAlone ? change("REINDEX") : nil)
        }
    }

    private func examineSize(version: Int) {
        let isOld = version < Schema.newest
        note(
            StoreFinding(
                .note, "version",
                "The store has version \(version), SQLite is \(String(cString: sqlite3_libversion()))."
                    + (isOld ? " The next engine brings it to version \(Schema.newest), after a backup." : "")))
        look(at: "The size") { () throws(StoreError) in
            let pages = try Statement(connection, "PRAGMA page_count").first { $0.int(0) } ?? 0
            let free = try Statement(connection, "PRAGMA freelist_count").first { $0.int(0) } ?? 0
            note(StoreFinding(.note, "size", "It has \(pages) pages, of which \(free) are free."))
        }
    }

    private func examineEngines() {
        for name in EngineLock.dead(at: path) {
            note(
                StoreFinding(
                    .note, "engine.dead", "The engine \(name) is gone and left its file.",
                    repair: "End what is left of its processes, and remove the file."),
                mend: { [path] () throws(StoreError) in
                    _ = EngineLock(path: path, engineID: "doctor").vitality(of: name)
                })
        }
    }
}
