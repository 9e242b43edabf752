/// Where a run is in its life. Paused is a flag beside it.
public enum RunStatus: String, Sendable, Hashable, Codable, CaseIterable {
    /// It was not started.
    case pending
    /// It goes on.
    case inProgress = "in-progress"
    /// It has nothing to do but wait for a person.
    case awaiting
    /// It has left its output.
    case completed
    /// It has ended with a failure.
    case failed
    /// Somebody has cancelled it.
    case cancelled

    /// Whether nothing happens to it any more by itself.
    public var isTerminal: Bool { self == .completed || self == .failed || self == .cancelled }
}

/// How far a run has come.
public struct Progress: Sendable, Hashable {
    /// The number of steps that are done, or what the workflow says.
    public var current = 0
    /// How many there are in all; 0 where nobody knows.
    public var total = 0
    /// What is being done.
    public var message: String?
}

/// How much a line of a run's log matters.
public enum LogLevel: String, Sendable, Hashable {
    /// For whoever looks for a mistake.
    case debug
    /// What one may want to know.
    case info
    /// What somebody should look at.
    case warning
    /// What went wrong.
    case error
}
