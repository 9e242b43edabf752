/// The notifications the service sends. A journalled event's method is its type.
package enum ServiceNotification: String, Sendable, CaseIterable {
    case runCreated = "run/created"
    case runForked = "run/forked"
    case runImported = "run/imported"
    case runStatusChanged = "run/statusChanged"
    case runCompleted = "run/completed"
    case runFailed = "run/failed"
    case runCancelled = "run/cancelled"
    case runTimedOut = "run/timedOut"
    case runEnding = "run/ending"
    case runRetryScheduled = "run/retryScheduled"
    case stepStarted = "step/started"
    case stepCompleted = "step/completed"
    case stepFailed = "step/failed"
    case inputRequested = "execution/inputRequested"
    case approvalRequested = "execution/approvalRequested"
    case voteRecorded = "execution/voteRecorded"
    case interactionResolved = "execution/interactionResolved"
    case signalReceived = "execution/signalReceived"
    case log = "execution/log"
    /// Derived from a journalled one, with its seq.
    case runStateChanged = "run/stateChanged"
    case runProgress = "run/progress"
    case stepDecided = "step/decided"
    /// Not journalled singly: joined under pressure, never dropped.
    case textDelta = "execution/textDelta"
}
