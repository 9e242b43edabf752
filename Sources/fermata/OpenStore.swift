import SQLiteStore
import Server
import WorkflowEngine
import WorkflowStore

/// A store that is open, and what must live as long as it.
final class OpenStore {
    static let inMemory = "memory:"

    let journal: any Journal
    let registry: any EngineRegistry
    private let watcher: StoreWatcher?

    /// Opens the store at a path, makes it when it is not there; `memory:` is one that ends with the process. `onWrite` is called, on a thread of its
    /// own, when somebody wrote.
    init(at path: String, engineID: String, onWrite: @escaping @Sendable () -> Void) throws(StoreError) {
        guard path != Self.inMemory else {
            journal = MemoryJournal()
            registry = LoneEngine(engineID: engineID)
            watcher = nil
            return
        }
        journal = try SQLiteJournal(at: .file(path))
        registry = try EngineLock(path: path, engineID: engineID)
        watcher = try StoreWatcher(path: path, onWrite: onWrite)
    }
}
