package import JSON

/// A step that was entered and has not ended.
package struct ActiveStep: Sendable {
    package enum Phase: Sendable, Hashable {
        /// The flow has come here; nothing was started.
        case entered
        /// An attempt is under way.
        case running(since: Timestamp)
        /// The next attempt starts then.
        case backingOff(until: Timestamp)
        /// A person is asked.
        case asking(interactionID: String)
        /// Without an end it waits for a signal alone.
        case waiting(since: Timestamp, until: Timestamp?)
        /// Flows run inside.
        case open(since: Timestamp)
        /// A child run is under way.
        case child(runID: String, since: Timestamp)
        /// It has failed, and so has what it is part of.
        case failed
    }

    package let path: String
    package let step: Step
    package let iteration: Int
    /// The key of the scope it is in.
    package let scope: String
    package var phase: Phase = .entered
    /// The number of the newest attempt; 0 before the first.
    package var attempt: Int
    /// How many attempts failed; interruptions do not count.
    package var failures = 0
    /// What the body gets, computed when the first attempt started; nil before it.
    package var recordedInput: JSONValue?
    /// How far the flows inside have come.
    package var fanOut: FanOut?
    /// What is recorded of the steps that it opened, where it is a program.
    package var program: ProgramRecord?

    package init(path: String, step: Step, iteration: Int, scope: String, attempt: Int = 0) {
        self.path = path
        self.step = step
        self.iteration = iteration
        self.scope = scope
        self.attempt = attempt
    }

    package var input: JSONValue { recordedInput ?? .null }

    /// Where the step goes back to when it is to be tried again.
    package var reentered: ActiveStep {
        var again = self
        again.phase = .entered
        again.failures = 0
        return again
    }
}
