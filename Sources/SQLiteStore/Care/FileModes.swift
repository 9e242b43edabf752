internal import Glibc
internal import WorkflowStore

/// Who may read what belongs to a store: its owner alone, whatever the mask of the process or an older file says.
enum FileModes {
    /// A file or folder with another mode than it should have.
    struct Wrong {
        let path: String
        let mode: mode_t
        let wanted: mode_t

        var finding: StoreFinding {
            StoreFinding(
                .warning, "file.mode", "\(path) has mode \(Self.octal(mode)) and should have \(Self.octal(wanted)).",
                repair: "Set the mode.")
        }

        func mend() throws(StoreError) {
            guard chmod(path, wanted) == 0 else { throw PrivateFile.failure("change the mode of", path) }
        }

        private static func octal(_ mode: mode_t) -> String { "0" + String(mode, radix: 8) }
    }

    /// Sets right what is there when a store is opened; what cannot be changed stays as it is.
    static func tighten(at path: String) {
        for file in folder(of: path) + files(at: path) { try? file.mend() }
    }

    /// Everything of the database at `path` that others may read, or its owner may not use.
    static func wrong(at path: String) -> [Wrong] {
        let engines = EngineLock.folder(of: path)
        let locks = entries(of: engines).flatMap { check("\(engines)/\($0)", 0o600) }
        let own = name(of: path)
        let backups = entries(of: PrivateFile.folder(of: path)).filter { $0.hasPrefix(own + ".backup-") }
        return folder(of: path) + files(at: path) + locks
            + backups.flatMap { check("\(PrivateFile.folder(of: path))/\($0)", 0o600) }
    }

    private static func files(at path: String) -> [Wrong] {
        ["", "-wal", "-shm", "-journal"].flatMap { check(path + $0, 0o600) } + check(EngineLock.folder(of: path), 0o700)
    }

    /// A folder that holds other things too is not ours to close.
    private static func folder(of path: String) -> [Wrong] {
        let folder = PrivateFile.folder(of: path)
        let found = check(folder, 0o700)
        guard !found.isEmpty else { return [] }
        return entries(of: folder).allSatisfy { $0.hasPrefix(name(of: path)) } ? found : []
    }

    private static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    private static func check(_ path: String, _ wanted: mode_t) -> [Wrong] {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_uid == geteuid(), status.st_mode & S_IFMT != S_IFLNK,
            status.st_mode & 0o777 != wanted
        else { return [] }
        return [Wrong(path: path, mode: status.st_mode & 0o777, wanted: wanted)]
    }

    static func entries(of folder: String) -> [String] {
        guard let entries = opendir(folder) else { return [] }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
