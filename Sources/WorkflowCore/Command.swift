package import JSON
package import WorkflowModel

/// What somebody, or something, wants of a run.
package enum Command: Sendable {
    case start(executionID: String)
    case pause
    case resume
    /// The second one stops what the first one let finish.
    case cancel(reason: String?)
    /// A run that failed or was cancelled goes on from where it stood.
    case retry(executionID: String)
    case signal(Signal)
    case respondApproval(InteractionReference, ApprovalAnswer)
    case respondInput(InteractionReference, InputAnswer)
    case attemptSucceeded(path: String, number: Int, output: JSONValue)
    /// The model of an agent step has answered; the attempt goes on.
    case modelAnswered(path: String, number: Int, ModelAnswer)
    case attemptFailed(path: String, number: Int, Failure)
    /// The attempt was cut off; its outcome is unknown.
    case attemptInterrupted(path: String, number: Int)
    /// The child run of a step has come to its end.
    case childEnded(path: String, runID: String, ChildOutcome)
    /// Whoever performed the run is gone: each attempt under way was interrupted.
    case takeOver
    /// A program that is under way opens a step, or runs one again that was interrupted or is to be tried again.
    case beginStep(StepDefinition, input: JSONValue?)
    /// The program under way is another one than the recorded steps are of: it is given up, and nothing is lost.
    case programChanged(number: Int, ProgramChange)
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
    /// A signal with the same key said something else.
    case signalConflict(key: String)
    case tooManySignals(limit: Int)
}

/// What became of a child run.
package enum ChildOutcome: Sendable {
    case completed(output: JSONValue)
    case failed(Failure)
    case cancelled(reason: String?)
}

/// The world as a decision may see it: injected, so that the same command at the same moment decides the same.
package protocol Surroundings: AnyObject {
    /// An id that nothing else has.
    func makeID() -> String
    /// Drawn evenly from 0 up to 1.
    func chance() -> Double
    /// Whether the deciding engine may start this step's body.
    func mayStart(_ step: Step) -> Bool
    /// The version a child run of this workflow would have; nil when there is no such workflow.
    func version(ofWorkflow name: String) -> String?
    /// Nil when there is no such run.
    func status(ofRun id: String) -> RunStatus?
}

/// When, and in what world, something is decided.
package struct DecisionContext {
    package var now: Timestamp
    package let surroundings: any Surroundings

    package init(now: Timestamp, surroundings: any Surroundings) {
        self.now = now
        self.surroundings = surroundings
    }
}
