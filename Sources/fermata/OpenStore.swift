import SQLiteStore
import Server
import WorkflowEngine
import WorkflowStore

/// A store that is open, and what must live as long as it.
final class OpenStore {
    static let inMemory = "memory:"

    let journal: any Journal
    let registry: any EngineRegistry
    /// Where the store is kept as it was before it was brought up to date, if opening it did that.
    let backup: String?
    private let path: String
    private var watcher: StoreWatcher?

    /// Opens the store at a path, makes it when it is not there; `memory:` is one that ends with the process.
    init(at path: String, engineID: String) throws(StoreError) {
        self.path = path
        guard path != Self.inMemory else {
            journal = MemoryJournal()
            registry = LoneEngine(engineID: engineID)
            backup = nil
            return
        }
        let opened = try SQLiteJournal(at: .file(path))
        journal = opened
        backup = opened.backup
        registry = EngineLock(path: path, engineID: engineID)
    }

    /// Calls `onChange`, on a thread of its own, when somebody wrote, or another engine came or went. Where the system cannot watch, what others write is seen at the
    /// next turn.
    func watch(_ onChange: @escaping @Sendable (StoreWatcher.Change) -> Void) {
        guard path != Self.inMemory, watcher == nil else { return }
        watcher = try? StoreWatcher(path: path, onChange: onChange)
    }
}
