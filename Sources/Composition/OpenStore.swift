package import SQLiteStore
package import WorkflowStore

/// A store that is open, and what must live as long as it.
package final class OpenStore {
    package static let inMemory = "memory:"

    package let journal: any Journal
    package let registry: any EngineRegistry
    /// Where the store is kept as it was before it was brought up to date, if opening it did that.
    package let backup: String?
    private let path: String
    private var watcher: StoreWatcher?

    /// A store of somebody's own, which nobody watches.
    package init(_ journal: any Journal, _ registry: any EngineRegistry) {
        self.journal = journal
        self.registry = registry
        path = Self.inMemory
        backup = nil
    }

    /// Opens the store at a path, makes it when it is not there; `memory:` is one that ends with the process.
    package init(at path: String, engineID: String) throws(StoreError) {
        guard path != Self.inMemory else {
            self.path = path
            journal = MemoryJournal()
            registry = LoneEngine(engineID: engineID)
            backup = nil
            return
        }
        let path = StoreLocation.resolved(path)
        self.path = path
        let opened = try SQLiteJournal(at: .file(path))
        journal = opened
        backup = opened.backup
        registry = EngineLock(path: path, engineID: engineID)
    }

    /// Calls `onChange`, on a thread of its own, when somebody wrote, or another engine came or went. Where the system cannot watch, what others write is seen at the
    /// next turn.
    package func watch(_ onChange: @escaping @Sendable (StoreWatcher.Change) -> Void) {
        guard path != Self.inMemory, watcher == nil else { return }
        watcher = try? StoreWatcher(path: path, onChange: onChange)
        (journal as? SQLiteJournal)?.isWatched = watcher != nil
    }
}
