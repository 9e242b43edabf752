import WorkflowModel
import WorkflowStore

/// What one turn of the engine gathers until its commit.
struct Turn {
    var now = Timestamp(milliseconds: 0)
    var inputs = 0
    /// Whether the store's write lock is held.
    var isOpen = false
    /// Why the turn cannot be committed.
    var failure: StoreError?
    /// The runs that moved, or may have something to do.
    var touched: [RunID: LiveRun] = [:]
    /// What was taken in this turn and nobody will give again: should it fail, this is held.
    var unrepeatable: [EngineInput] = []
    /// Rows whose deadlines changed.
    var changesWakes = false
    /// Runs that another engine moved.
    var moved: [RunID] = []
}
