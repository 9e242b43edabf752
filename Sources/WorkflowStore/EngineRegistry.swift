/// Which engines on the store are alive. An engine is known to the others by its id, which it leaves in the runs it owns.
package protocol EngineRegistry: AnyObject {
    /// This engine's own id.
    var engineID: String { get }
    /// Shows the others that this engine lives; before its id stands in the store. Again it does nothing.
    func announce() throws(StoreError)
    /// Whether the engine of that id still lives.
    func isAlive(_ engineID: String) -> Bool
}
