internal import CSystem
internal import Glibc
package import WorkflowStore

/// This engine's sign of life, for the other engines on the store: a lock, for as long as the process lives, on a file
/// of its own in the folder `<database>-engines`.
///
/// The kernel frees the lock when the process ends, however it ends. The lock belongs to the open file, is closed on
/// exec and so goes to no child. A file is only ever removed by who holds its lock, so nobody's sign is taken away.
package final class EngineLock: EngineRegistry {
    package let engineID: String
    private let folder: String
    /// The locked file, once this engine has shown itself.
    private var descriptor: Int32?

    /// A lock beside the database at `path`, not yet taken.
    package init(path: String, engineID: String) {
        precondition(Self.isFileName(engineID), "an engine's id names a file")
        folder = path + "-engines"
        self.engineID = engineID
    }

    /// An orderly close removes the file.
    deinit {
        guard let descriptor else { return }
        unlink(folder + "/" + engineID)
        close(descriptor)
    }

    /// Takes the lock, and clears away what dead engines left.
    package func announce() throws(StoreError) {
        guard descriptor == nil else { return }
        try PrivateFile.createFolder(folder)
        descriptor = try Self.take(folder + "/" + engineID)
        removeDead()
    }

    /// Whether the engine holds its lock. The file of one that does not is removed.
    package func isAlive(_ engineID: String) -> Bool {
        // The id comes from the store, and must not lead elsewhere.
        guard Self.isFileName(engineID) else { return false }
        let path = folder + "/" + engineID
        let other = open(path, O_RDWR | O_CLOEXEC)
        // A sign that cannot be read for another reason than its absence is no proof of death.
        guard other >= 0 else { return errno != ENOENT }
        defer { close(other) }
        guard fermata_lock(other) == 0 else { return true }
        unlink(path)
        return false
    }

    private func removeDead() {
        guard let entries = opendir(folder) else { return }
        defer { closedir(entries) }
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            _ = isAlive(name)
        }
    }

    private static func take(_ path: String) throws(StoreError) -> Int32 {
        // Between our open and our lock another engine may take the file for a dead one's: it then holds the lock for a
        // moment, or has removed the file. Both are seen, and then we begin again.
        for _ in 1...100 {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw PrivateFile.failure("open", path) }
            var status = stat()
            if fermata_lock(descriptor) == 0, fstat(descriptor, &status) == 0, status.st_nlink > 0 { return descriptor }
            close(descriptor)
            usleep(1000)
        }
        throw .unavailable("Another engine has the id of this one: \(path) is locked.")
    }

    private static func isFileName(_ id: String) -> Bool {
        !id.isEmpty && id != "." && id != ".." && !id.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
    }
}
