internal import Glibc

/// Files and folders that only their owner may read. SQLite gives its -wal and -shm the mode of the database.
package enum PrivateFile {
    /// Makes the file, empty and of mode 0600, and the folders above it, unless it is there.
    ///
    /// A file that is there is not opened: closing it again would drop the locks this process holds on it.
    package static func create(_ path: String) throws(StoreError) {
        if attempt(path) { return }
        if errno == ENOENT {
            try createFolder(folder(of: path))
            if attempt(path) { return }
        }
        if errno != EEXIST { throw failure("create", path) }
    }

    /// Makes the folder and those above it with mode 0700, unless it is there.
    package static func createFolder(_ path: String) throws(StoreError) {
        if makeFolder(path) { return }
        let parent = folder(of: path)
        guard errno == ENOENT, parent != path else { throw failure("create the folder", path) }
        try createFolder(parent)
        if !makeFolder(path) { throw failure("create the folder", path) }
    }

    private static func makeFolder(_ path: String) -> Bool {
        guard mkdir(path, 0o700) == 0 else { return errno == EEXIST }
        // The process's mask may have taken more away than it should.
        chmod(path, 0o700)
        return true
    }

    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    package static func failure(_ verb: String, _ path: String) -> StoreError {
        .unavailable("Cannot \(verb) \(path): \(String(cString: strerror(errno))).")
    }

    private static func attempt(_ path: String) -> Bool {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        // The process's mask may have taken more away than it should.
        fchmod(descriptor, 0o600)
        close(descriptor)
        return true
    }

    // MARK: Whole files

    /// Puts bytes in place of what the file held: on the disk when it returns, and never half of them.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(StoreError) {
        let draft = "\(path).partial-\(getpid())"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("create", path) }
        do throws(StoreError) {
            defer { close(descriptor) }
            guard fchmod(descriptor, 0o600) == 0 else { throw failure("create", path) }
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw failure("write", path) }
                rest = rest.dropFirst(count)
            }
            guard fsync(descriptor) == 0 else { throw failure("write", path) }
            guard rename(draft, path) == 0 else { throw failure("create", path) }
        } catch {
            unlink(draft)
            throw error
        }
        try synchronizeFolder(of: path)
    }

    /// What is in the folder stays there after a power cut.
    package static func synchronizeFolder(of path: String) throws(StoreError) {
        let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder(of: path)) }
        defer { close(descriptor) }
        // Some file systems cannot do it for a folder, and need not.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure("write", folder(of: path)) }
    }

    /// A file's bytes; one that is larger than `limit` is refused.
    package static func read(_ path: String, limit: Int) throws(StoreError) -> [UInt8] {
        var bytes: [UInt8] = []
        try read(path) { (chunk) throws(StoreError) in
            bytes += chunk
            guard bytes.count <= limit else { throw .unavailable("\(path) is larger than \(limit >> 20) MiB.") }
        }
        return bytes
    }

    /// Whether a file begins so; nil where there is none.
    package static func begins(_ path: String, with start: [UInt8]) throws(StoreError) -> Bool? {
        guard access(path, F_OK) == 0 else { return nil }
        var bytes: [UInt8] = []
        try readParts(path, ofBytes: start.count) { part in
            bytes += part
            return bytes.count < start.count
        }
        return bytes.starts(with: start)
    }

    /// Calls `body` with each part of a file, in their order. What may have no end, such as a pipe or a device, is refused.
    package static func read(_ path: String, body: (ArraySlice<UInt8>) throws(StoreError) -> Void) throws(StoreError) {
        try readParts(path, ofBytes: 1 << 18) { (part) throws(StoreError) in
            try body(part)
            return true
        }
    }

    /// Until `body` returns false.
    private static func readParts(
        _ path: String, ofBytes size: Int, body: (ArraySlice<UInt8>) throws(StoreError) -> Bool
    ) throws(StoreError) {
        // To open a pipe that nobody writes to would wait for who does.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .unavailable("Cannot read \(path): It is not a regular file.")
        }
        var room = [UInt8](repeating: 0, count: size)
        while true {
            let count = Glibc.read(descriptor, &room, room.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            guard count > 0, try body(room[..<count]) else { return }
        }
    }
}
