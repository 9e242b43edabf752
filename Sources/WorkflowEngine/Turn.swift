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
    private(set) var touched: [LiveRun] = []
    /// Whether what is decided waits for what is decided next about its run, to be one append with that; and the run of which something waits.
    var isJoining = false
    var joined: LiveRun?
    /// What was taken in this turn and nobody will give again: should it fail, this is held.
    var unrepeatable: [EngineInput] = []
    /// What relatives of runs that moved are still to be told, oldest first.
    var family: [FamilyNews] = []
    var isTellingFamily = false
    /// Rows whose deadlines changed.
    var changesWakes = false
    /// What the engine's `wokenUntil` becomes with the commit.
    var wokenUntil: Timestamp?
    /// Runs that another engine moved, and those of them that this turn has gone on with.
    var moved: [RunID] = []
    var visited: [RunID] = []
    /// Who waits for the end of the turn, with nothing if it was committed.
    var waiting: [(EngineError?) -> Void] = []

    mutating func touch(_ live: LiveRun) {
        guard !live.isTouched else { return }
        live.isTouched = true
        touched.append(live)
    }

    /// What the next turn begins with; its list is the old one's, emptied.
    mutating func end() {
        for live in touched { live.isTouched = false }
        touched.removeAll(keepingCapacity: touched.count < 1000)
        self = Turn(touched: touched)
    }
}
