package import JSON

/// A fact in a run's journal. Its number is its place there; its type is the method of its notification. Indirect, since it is
/// handed from room to room: what it holds is copied by nobody.
package indirect enum RunEvent: Sendable, Hashable {
    case created(RunCreated)
    /// The events before it are another run's.
    case forked(RunForked)
    case imported(RunImported)
    case statusChanged(StatusChanged)
    case stepStarted(StepStarted)
    case stepCompleted(StepCompleted)
    case stepFailed(StepFailed)
    /// `execution/inputRequested` or `execution/approvalRequested`.
    case interactionRequested(Interaction)
    /// A vote that did not settle its approval.
    case voteRecorded(interactionID: String, vote: Interaction.Vote)
    case interactionResolved(InteractionResolved)
    case agentTurned(AgentTurned)
    case agentTold(AgentTold)
    case toolCalled(ToolCalled)
    case toolReturned(ToolReturned)
    case logged(LogEntry)
    case signalReceived(Signal)
    /// The run is on its way to its end: attempts finish, cleanup and compensation run.
    case ending(RunEnding)
    /// An execution failed; the next one begins then.
    case retryScheduled(Failure, at: Timestamp)
    case timedOut(RunOptions.Timeout)
    case completed(output: JSONValue)
    case failed(Failure)
    case cancelled(reason: String?)
}

package struct RunCreated: Sendable, Hashable {
    package var workflow: String
    package var version: String
    package var namespace: String
    package var cwd: String
    package var input: JSONValue?
    /// As they were given; nil when there were none.
    package var options: JSONValue?
    package var labels: JSONObject
    /// Who asked for the run, as the host named itself.
    package var client: String?
    /// The run whose step this one is.
    package var parent: ParentReference?

    package init(
        workflow: String, version: String, namespace: String, cwd: String, input: JSONValue?, options: JSONValue?,
        labels: JSONObject, client: String?, parent: ParentReference? = nil
    ) {
        self.workflow = workflow
        self.version = version
        self.namespace = namespace
        self.cwd = cwd
        self.input = input
        self.options = options
        self.labels = labels
        self.client = client
        self.parent = parent
    }
}

/// Whose child a run is.
package struct ParentReference: Sendable, Hashable {
    package var runID: String
    /// The path of the step that waits for it.
    package var path: String
    /// How many runs are above this one.
    package var depth: Int

    package init(runID: String, path: String, depth: Int) {
        self.runID = runID
        self.path = path
        self.depth = depth
    }
}

package struct StatusChanged: Sendable, Hashable {
    package var status: RunStatus
    package var isPaused: Bool
    package var previous: RunStatus
    /// Set when an execution begins; the events after it belong to that one.
    package var executionID: String?
    /// Where an execution goes on from that is not the first.
    package var from: RetryOrigin?

    package init(
        status: RunStatus, isPaused: Bool, previous: RunStatus, executionID: String? = nil, from: RetryOrigin? = nil
    ) {
        self.status = status
        self.isPaused = isPaused
        self.previous = previous
        self.executionID = executionID
        self.from = from
    }
}

/// How a run comes to an end that is not its flow's.
package struct RunEnding: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        case failed(Failure)
        case cancelled(reason: String?)
    }

    package var outcome: Outcome
    /// Until when attempts under way may finish; nil once they are stopped, and cleanup and compensation run.
    package var graceUntil: Timestamp?

    package init(outcome: Outcome, graceUntil: Timestamp?) {
        self.outcome = outcome
        self.graceUntil = graceUntil
    }
}

package struct StepStarted: Sendable, Hashable {
    package var path: String
    package var step: String
    package var kind: String
    package var iteration: Int
    package var attempt: Int
    /// What the body gets, computed; recorded with the first attempt, the later ones get the same.
    package var input: JSONValue?
    /// When a wait ends.
    package var until: Timestamp?
    /// The step itself, where a program opened it; with its first start.
    package var definition: StepDefinition?

    package init(
        path: String, step: String, kind: String, iteration: Int, attempt: Int, input: JSONValue?,
        until: Timestamp? = nil, definition: StepDefinition? = nil
    ) {
        self.path = path
        self.step = step
        self.kind = kind
        self.iteration = iteration
        self.attempt = attempt
        self.input = input
        self.until = until
        self.definition = definition
    }
}

/// Why a run went from one step to another.
package struct FlowDecision: Sendable, Hashable {
    package var from: String
    package var to: Target
    /// The condition that was true, where there was a choice.
    package var condition: String?
    package var value: JSONValue?
    package var reason: String

    package init(from: String, to: Target, condition: String? = nil, value: JSONValue? = nil, reason: String) {
        self.from = from
        self.to = to
        self.condition = condition
        self.value = value
        self.reason = reason
    }
}

package struct Progress: Sendable, Hashable {
    /// Steps completed.
    package var current = 0
    /// Steps in all, as far as one can know; 0 when unknown.
    package var total = 0
    package var message: String?

    package init() {}
}

package struct StepCompleted: Sendable, Hashable {
    package var path: String
    package var step: String
    package var attempt: Int
    package var output: JSONValue
    /// The state members that changed.
    package var set: JSONObject?
    package var decision: FlowDecision
    package var progress: Progress
    /// What the output says to the pattern the step is part of, where that is something else.
    package var reading: JSONValue?
    /// What the scope leaves that ends with this step, where that is something else.
    package var scopeResult: JSONValue?

    package init(
        path: String, step: String, attempt: Int, output: JSONValue, set: JSONObject?, decision: FlowDecision,
        progress: Progress, reading: JSONValue? = nil, scopeResult: JSONValue? = nil
    ) {
        self.path = path
        self.step = step
        self.attempt = attempt
        self.output = output
        self.set = set
        self.decision = decision
        self.progress = progress
        self.reading = reading
        self.scopeResult = scopeResult
    }
}

package struct StepFailed: Sendable, Hashable {
    package var path: String
    package var step: String
    package var attempt: Int
    package var failure: Failure
    /// When the next attempt starts, when there is one.
    package var willRetryAt: Timestamp?
    /// Where the flow goes, when the step says so.
    package var decision: FlowDecision?
    /// What the scope leaves that ends with this step, where that is something else than the failure's details.
    package var scopeResult: JSONValue?

    package init(
        path: String, step: String, attempt: Int, failure: Failure, willRetryAt: Timestamp? = nil,
        decision: FlowDecision? = nil, scopeResult: JSONValue? = nil
    ) {
        self.path = path
        self.step = step
        self.attempt = attempt
        self.failure = failure
        self.willRetryAt = willRetryAt
        self.decision = decision
        self.scopeResult = scopeResult
    }
}

package struct InteractionResolved: Sendable, Hashable {
    package enum Outcome: String, Sendable, Hashable {
        case approved, rejected, answered, expired
    }

    package var interactionID: String
    package var kind: Interaction.Kind
    package var path: String
    package var outcome: Outcome
    /// An input's answer.
    package var value: JSONValue?
    /// Who decided, or answered; the host's assertion.
    package var by: String?
    package var message: String?
    /// The host that said so.
    package var client: String?

    package init(
        interactionID: String, kind: Interaction.Kind, path: String, outcome: Outcome, value: JSONValue? = nil,
        by: String? = nil, message: String? = nil, client: String? = nil
    ) {
        self.interactionID = interactionID
        self.kind = kind
        self.path = path
        self.outcome = outcome
        self.value = value
        self.by = by
        self.message = message
        self.client = client
    }
}

package struct LogEntry: Sendable, Hashable {
    package var level: LogLevel
    package var message: String
    /// The path of the step that said it.
    package var step: String?

    package init(level: LogLevel, message: String, step: String? = nil) {
        self.level = level
        self.message = message
        self.step = step
    }
}
