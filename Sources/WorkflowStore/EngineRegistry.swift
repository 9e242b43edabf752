/// Which engines on the store are alive. An engine is known to the others by its id, which it leaves in the runs it owns.
package protocol EngineRegistry: AnyObject {
    /// This engine's own id.
    var engineID: String { get }
    /// Whether the engine of that id still lives.
    func isAlive(_ engineID: String) -> Bool
}
