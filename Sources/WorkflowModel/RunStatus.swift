/// Where a run is in its life. Paused is a flag beside it, not a status.
package enum RunStatus: String, Sendable, Hashable, CaseIterable {
    case pending
    case inProgress = "in-progress"
    /// The run has nothing to do but wait for a person.
    case awaiting
    case completed
    case failed
    case cancelled

    package var isTerminal: Bool {
        self == .completed || self == .failed || self == .cancelled
    }
}
