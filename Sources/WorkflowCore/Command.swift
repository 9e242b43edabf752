package import JSON
package import WorkflowModel

/// What somebody, or something, wants of a run.
package enum Command: Sendable {
    case start(executionID: String)
    case pause
    case resume
    case cancel(reason: String?)
    case respondApproval(InteractionReference, ApprovalAnswer)
    case respondInput(InteractionReference, InputAnswer)
    case attemptSucceeded(path: String, number: Int, output: JSONValue)
    case attemptFailed(path: String, number: Int, Failure)
    /// The attempt was cut off; its outcome is unknown.
    case attemptInterrupted(path: String, number: Int)
    /// Whoever performed the run is gone: each attempt under way was interrupted.
    case takeOver
    /// A deadline may have passed, or a step may have become possible.
    case advance
    case log(LogEntry)
}

/// Which question is answered: by its id, or the only open one of its kind in an execution.
package enum InteractionReference: Sendable, Hashable {
    case id(String)
    case onlyOne(executionID: String)
}

package struct ApprovalAnswer: Sendable, Hashable {
    package var decision: ApprovalDecision
    package var approver: String
    package var message: String?
    package var client: String?

    package init(decision: ApprovalDecision, approver: String, message: String?, client: String?) {
        self.decision = decision
        self.approver = approver
        self.message = message
        self.client = client
    }
}

package struct InputAnswer: Sendable, Hashable {
    package var value: JSONValue
    package var by: String?
    package var client: String?

    package init(value: JSONValue, by: String?, client: String?) {
        self.value = value
        self.by = by
        self.client = client
    }
}

/// Why a command was refused. Nothing changed.
package enum Refusal: Error, Sendable {
    case invalidTransition(status: RunStatus, isPaused: Bool, allowed: [String])
    case interactionNotFound
    case interactionAmbiguous(open: Int)
    case interactionExpired
    case notAnApprover(String, approvers: [String])
    case answerInvalid([JSONSchema.Violation])
}

/// What a decision may know beside the run: injected, so that the same command at the same moment decides the same.
package struct DecisionContext {
    package var now: Timestamp
    /// Makes the ids of new interactions.
    package var makeID: () -> String
    /// Whether the deciding engine may start this step's body.
    package var mayStart: (Step) -> Bool

    package init(now: Timestamp, makeID: @escaping () -> String, mayStart: @escaping (Step) -> Bool) {
        self.now = now
        self.makeID = makeID
        self.mayStart = mayStart
    }
}
