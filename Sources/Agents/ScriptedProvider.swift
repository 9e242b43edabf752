package import WorkflowEngine
package import WorkflowModel

/// Answers without a model, for demos and tests: `scripted/echo` gives the prompt back.
package final class ScriptedProvider: ModelProvider {
    package let name = "scripted"

    package init() {}

    package func generate(_ work: AgentWork, model: String, reporter: AttemptReporter) {
        guard model == "echo" else {
            let failure = Failure(
                kind: "model.badRequest", message: "There is no scripted model \"\(model)\"; there is scripted/echo.",
                isRetryable: false)
            return reporter.report(.failed(failure))
        }
        reporter.report(.text(work.prompt))
        reporter.report(.answered(ModelAnswer(text: work.prompt)))
    }

    /// An answer is given at once, so there is nothing to stop.
    package func stop(_ key: AttemptKey) {}
}
