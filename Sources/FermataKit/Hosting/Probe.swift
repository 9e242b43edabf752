/// Called by each step on its way, for tests that end everything there.
package typealias Probe = @Sendable (StepMoment) async -> Void

/// How far a step is that a workflow runs.
package enum StepMoment: Sendable, Hashable {
    /// Its start is durable, and its body has not begun.
    case beginning(String)
    /// Its body is over, and nothing of that is recorded.
    case working(String)
    /// What it left is the workflow's, which goes on.
    case done(String)
}
