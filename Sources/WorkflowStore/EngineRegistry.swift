/// Which engines on the store are alive. An engine is known to the others by its id, which it leaves in the runs it owns.
package protocol EngineRegistry: AnyObject {
    /// This engine's own id.
    var engineID: String { get }
    /// Where the processes are noted that this engine starts.
    var processes: any ProcessLedger { get }
    /// Shows the others that this engine lives; before its id stands in the store, and every second as long as it does.
    func announce() throws(StoreError)
    /// How long the engine of that id counts as alive if it stays as silent as it is; nil when it is dead, or was
    /// silent for so long that it counts as frozen.
    func vitality(of engineID: String) -> Duration?
    /// Ends what is left of the processes that an engine, dead or frozen, had started for a run.
    func endProcesses(of engineID: String, run: String)
}

extension EngineRegistry {
    package func isAlive(_ engineID: String) -> Bool { vitality(of: engineID) != nil }
}

/// Where an engine notes the processes it has started, for whoever takes over should it be killed. Safe from any thread.
package protocol ProcessLedger: Sendable {
    /// A process has started that leads a group of its own.
    func began(_ leader: Int32, run: String)
    /// It has ended, and what is left of its group is nobody's concern any more.
    func ended(_ leader: Int32)
}

/// Nobody reads what a lone engine would note.
package struct NoLedger: ProcessLedger {
    package init() {}
    package func began(_ leader: Int32, run: String) {}
    package func ended(_ leader: Int32) {}
}
