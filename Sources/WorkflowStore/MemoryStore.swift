internal import Synchronization

/// A store in memory that several journals share, as several engines share a file. It lives as long as they do.
package final class MemoryStore: Sendable {
    private struct State: Sendable {
        var tables = MemoryTables()
        /// The journal whose turn is open, and what takes the turn back, oldest change first.
        var writer: ObjectIdentifier?
        var undo: [MemoryTables.Undo] = []

        /// What a journal sees: its own turn with its writes, and never another's.
        func tables(for reader: ObjectIdentifier) -> MemoryTables {
            guard reader != writer else { return tables }
            var committed = tables
            for change in undo.reversed() { committed.undo(change) }
            return committed
        }
    }

    private let state = Mutex(State())

    package init() {}

    func begin(_ journal: ObjectIdentifier) throws(StoreError) {
        let isTaken = state.withLock { state in
            defer { state.writer = state.writer ?? journal }
            return state.writer != nil
        }
        if isTaken { throw .unavailable("Another turn is open on this store.") }
    }

    /// Ends the journal's turn, if it has one open.
    func end(_ journal: ObjectIdentifier, keeping isCommitted: Bool) {
        state.withLock { state in
            guard state.writer == journal else { return }
            if !isCommitted { for change in state.undo.reversed() { state.tables.undo(change) } }
            state.undo.removeAll()
            state.writer = nil
        }
    }

    func read<Result: Sendable>(_ journal: ObjectIdentifier, _ body: (MemoryTables) -> Result) -> Result {
        state.withLock { body($0.tables(for: journal)) }
    }

    func write(_ journal: ObjectIdentifier, _ body: (inout MemoryTables) -> MemoryTables.Undo) {
        state.withLock { state in
            precondition(state.writer == journal, "a journal is written between begin and commit")
            state.undo.append(body(&state.tables))
        }
    }
}
