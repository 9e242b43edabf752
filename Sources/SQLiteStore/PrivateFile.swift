internal import Glibc
internal import WorkflowStore

/// Files and folders that only their owner may read. SQLite gives its -wal and -shm the mode of the database.
enum PrivateFile {
    /// Makes the file, empty and of mode 0600, and the folders above it, unless it is there.
    ///
    /// A file that is there is not opened: closing it again would drop the locks this process holds on it.
    static func create(_ path: String) throws(StoreError) {
        if attempt(path) { return }
        if errno == ENOENT {
            try createFolder(folder(of: path))
            if attempt(path) { return }
        }
        if errno != EEXIST { throw failure("create", path) }
    }

    /// Makes the folder and those above it with mode 0700, unless it is there.
    static func createFolder(_ path: String) throws(StoreError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        let parent = folder(of: path)
        guard errno == ENOENT, parent != path else { throw failure("create the folder", path) }
        try createFolder(parent)
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw failure("create the folder", path) }
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func failure(_ verb: String, _ path: String) -> StoreError {
        .unavailable("Cannot \(verb) \(path): \(String(cString: strerror(errno))).")
    }

    private static func attempt(_ path: String) -> Bool {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }
}
