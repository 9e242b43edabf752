package import WorkflowEngine
package import WorkflowModel

/// Where models come from: the port that each provider implements.
package protocol ModelProvider: AnyObject {
    /// The first part of a model's name.
    var name: String { get }
    /// Starts a turn: its text goes to the reporter as it comes, then `.answered` or `.failed`.
    func generate(_ work: AgentWork, model: String, reporter: AttemptReporter)
    /// The answer is no longer wanted.
    func stop(_ key: AttemptKey)
}
