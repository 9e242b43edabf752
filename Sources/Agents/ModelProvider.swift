package import WorkflowEngine
package import WorkflowModel

/// One turn that a model is asked for.
package struct ModelRequest: Sendable {
    /// Whose turn it is: the key to stop it by, the directory of its run.
    package var attempt: Attempt
    package var work: AgentWork
    /// The model's name without its provider.
    package var model: String

    package init(attempt: Attempt, work: AgentWork, model: String) {
        self.attempt = attempt
        self.work = work
        self.model = model
    }

    package var key: AttemptKey { attempt.key }
}

/// Where models come from: the port that each provider implements. Used from the engine's thread alone; reports come
/// from any thread.
package protocol ModelProvider: AnyObject {
    /// The first part of a model's name.
    var name: String { get }
    /// Whether the model of an agent's step can be asked here.
    func readiness(for step: StepKind) -> Readiness
    /// What keeps all of its models from being asked, as far as one can tell without asking.
    var obstacle: Failure? { get }
    /// Starts a turn and returns at once: its text goes to the reporter as it comes, then, once, `.answered` with all
    /// of that text, or `.failed`. What is wrong with a model has a kind that begins with `model.`.
    func generate(_ request: ModelRequest, reporter: AttemptReporter)
    /// The answer is no longer wanted. An unknown key is ignored.
    func stop(_ key: AttemptKey)
}

extension ModelProvider {
    package func readiness(for step: StepKind) -> Readiness { .ready }
    package var obstacle: Failure? { nil }
}
