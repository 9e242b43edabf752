internal import CSystem
internal import Glibc

extension EngineLock {
    /// The engines of a database that left their files behind.
    static func dead(at path: String) -> [String] {
        FileModes.entries(of: folder(of: path)).filter { !isHeld($0, at: path) }
    }

    /// Whether an engine holds the lock on its file. Nothing is changed by asking.
    static func isHeld(_ engineID: String, at path: String) -> Bool {
        guard FileModes.entries(of: folder(of: path)).contains(engineID) else { return false }
        let descriptor = open("\(folder(of: path))/\(engineID)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return errno != ENOENT }
        defer { close(descriptor) }
        return fermata_is_locked(descriptor) != 0
    }
}
