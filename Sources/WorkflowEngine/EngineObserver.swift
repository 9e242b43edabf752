package import WorkflowModel

/// Who is told what happens, on the engine's thread.
///
/// What is told within a turn is not yet durable: it may be prepared, and must not leave the process before `turnEnded` says that it was
/// committed.
package protocol EngineObserver: AnyObject {
    /// These events were decided; the first has the number `firstSeq`.
    func recorded(_ events: [RunEvent], firstSeq: Int, at: Timestamp, in live: LiveRun)
    /// An attempt said something. The text begins at `offset` bytes from the attempt's start.
    func said(_ text: AttemptText, offset: Int, in live: LiveRun)
    func progressed(current: Int, total: Int, message: String?, in live: LiveRun)
    /// Another engine appended to this run.
    func moved(_ record: RunID)
    /// The turn is over: what was told is durable, or (`error` given) forgotten.
    func turnEnded(error: EngineError?)
    /// The effects of the turn were begun; what they have to say may leave now.
    func effectsBegun()
}

package typealias RunID = String
