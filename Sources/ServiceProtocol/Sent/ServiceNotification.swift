import RPC

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
    case agentTurned = "agent/turned"
    case agentTold = "agent/told"
    case toolCalled = "tool/called"
    case toolReturned = "tool/returned"
    case log = "execution/log"
    /// Derived from a journalled one, with its seq.
    case runStateChanged = "run/stateChanged"
    case runProgress = "run/progress"
    case stepDecided = "step/decided"
    /// Not journalled singly: joined under pressure, never dropped.
    case textDelta = "execution/textDelta"
    case thinkingDelta = "execution/thinkingDelta"

    package var method: MethodDescription {
        switch self {
        case .runCreated: runCreated
        case .runForked: runForked
        case .runImported: runImported
        case .runStatusChanged: runStatusChanged
        case .runCompleted: runCompleted
        case .runFailed: runFailed
        case .runCancelled: runCancelled
        case .runTimedOut: runTimedOut
        case .runEnding: runEnding
        case .runRetryScheduled: runRetryScheduled
        case .runStateChanged: runStateChanged
        case .runProgress: runProgress
        case .stepStarted: stepStarted
        case .stepCompleted: stepCompleted
        case .stepFailed: stepFailed
        case .stepDecided: stepDecided
        case .inputRequested: inputRequested
        case .approvalRequested: approvalRequested
        case .voteRecorded: voteRecorded
        case .interactionResolved: interactionResolved
        case .signalReceived: signalReceived
        case .agentTurned: agentTurned
        case .agentTold: agentTold
        case .toolCalled: toolCalled
        case .toolReturned: toolReturned
        case .log: log
        case .textDelta: textDelta
        case .thinkingDelta: thinkingDelta
        }
    }

    /// What is told of an event, beside the members that every one has.
    func event(_ summary: String, _ details: String = "", params members: [Members.Member], example: String)
        -> MethodDescription
    {
        let own = Set(members.map(\.name))
        let common: [Members.Member] = [
            .runID, .optional("executionId", .string, "The execution it belongs to; absent before the first start."),
            .seq, .at,
        ]
        return sent(summary, details, params: common.filter { !own.contains($0.name) } + members, example: example)
    }

    func sent(_ summary: String, _ details: String = "", params members: [Members.Member], example: String)
        -> MethodDescription
    {
        MethodDescription(
            rawValue, .serverToClient, Members(members), NotificationDescription(summary, details, example: example))
    }
}
