internal import CSystem
internal import Glibc
package import WorkflowStore

/// This engine's sign of life, for the other engines on the store: a lock, for as long as the process lives, on a file
/// of its own in the folder `<database>-engines`, touched every second while it performs anything.
///
/// The kernel frees the lock when the process ends, however it ends. The lock belongs to the open file, is closed on
/// exec and so goes to no child. A file is only ever removed by who holds its lock, so nobody's sign is taken away. In
/// the file stand the processes that the engine has started.
package final class EngineLock: EngineRegistry {
    /// How long an engine may leave its file untouched before it counts as frozen.
    private static let patience = Duration.seconds(5)

    package let engineID: String
    package var processes: any ProcessLedger { notes }
    private let folder: String
    private let notes = ProcessNotes()
    /// The locked file, once this engine has shown itself.
    private var descriptor: Int32?
    /// When each other engine last touched its file, as far as this one has seen: the file's time, which no clock of
    /// ours is compared with, and since when, by our own clock, it is unchanged.
    private var touches: [String: (touched: timespec, seenAt: Duration)] = [:]

    /// Engines that were found to be gone, of whose processes nothing is left. None comes back: each has an id of its own.
    private var gone: Set<String> = []

    /// A lock beside the database at `path`, not yet taken.
    package init(path: String, engineID: String) {
        precondition(Self.isFileName(engineID), "an engine's id names a file")
        folder = Self.folder(of: path)
        self.engineID = engineID
    }

    /// An orderly close removes the file.
    deinit {
        guard let descriptor else { return }
        notes.close()
        unlink(folder + "/" + engineID)
        close(descriptor)
    }

    /// Where the engines of a database show themselves.
    static func folder(of path: String) -> String { path + "-engines" }

    /// Takes the lock, and clears away what dead engines left; later it only touches the file.
    package func announce() throws(StoreError) {
        if let descriptor {
            futimens(descriptor, nil)
            return
        }
        try PrivateFile.createFolder(folder)
        let taken = try Self.take(folder + "/" + engineID)
        descriptor = taken
        notes.open(taken)
        removeDead()
    }

    /// The file of a dead engine is removed, once nothing is left of its processes.
    package func vitality(of engineID: String) -> Duration? {
        if engineID == self.engineID, descriptor != nil { return Self.patience }
        // The id comes from the store, and must not lead elsewhere.
        guard !gone.contains(engineID), Self.isFileName(engineID) else { return nil }
        let path = folder + "/" + engineID
        // Read only: closing a file that could be written is what tells the others that an engine went.
        let other = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        // A sign that cannot be read for another reason than its absence is no proof of death.
        guard other >= 0 else {
            guard errno == ENOENT else { return Self.patience }
            gone.insert(engineID)
            return nil
        }
        defer { close(other) }
        var status = stat()
        if fermata_is_locked(other) != 0, fstat(other, &status) == 0 {
            return timeLeft(for: engineID, touched: status.st_mtim)
        }
        touches[engineID] = nil
        if remove(path) { gone.insert(engineID) }
        return nil
    }

    package func endProcesses(of engineID: String, run: String) {
        guard !gone.contains(engineID), engineID != self.engineID, Self.isFileName(engineID) else { return }
        ProcessNotes.endAll(notedIn: folder + "/" + engineID, of: run)
    }

    private func timeLeft(for engineID: String, touched: timespec) -> Duration? {
        let now = Self.now()
        guard let last = touches[engineID], last.touched.tv_sec == touched.tv_sec,
            last.touched.tv_nsec == touched.tv_nsec
        else {
            touches[engineID] = (touched, now)
            return Self.patience
        }
        let left = last.seenAt + Self.patience - now
        return left > .zero ? left : nil
    }

    /// A clock that stands while the machine sleeps, as the other engine did.
    private static func now() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    private func removeDead() {
        guard let entries = opendir(folder) else { return }
        defer { closedir(entries) }
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            _ = vitality(of: name)
        }
    }

    /// Removes a dead engine's file, unless somebody else is about to.
    private func remove(_ path: String) -> Bool {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        guard fermata_lock(descriptor) == 0 else { return false }
        ProcessNotes.endAll(notedIn: path, of: nil)
        return unlink(path) == 0
    }

    private static func take(_ path: String) throws(StoreError) -> Int32 {
        // Between our open and our lock another engine may take the file for a dead one's: it then holds the lock for a
        // moment, or has removed the file. Both are seen, and then we begin again.
        for _ in 1...100 {
            let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw PrivateFile.failure("open", path) }
            // The process's mask may have taken more away than it should.
            fchmod(descriptor, 0o600)
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
