internal import Agents
internal import FermataKit
internal import WorkflowEngine
internal import WorkflowModel

/// Models that say what a test tells them to.
final class TestModels: ModelProvider {
    let name = "scripted"
    private let models: [String: @Sendable (String) -> String]

    private let others: ScriptedProvider

    init(_ models: [String: @Sendable (String) -> String], mailbox: Mailbox) {
        self.models = models
        others = ScriptedProvider(mailbox: mailbox)
    }

    func generate(_ request: ModelRequest, reporter: AttemptReporter) {
        guard let model = models[request.model] else {
            if ["echo", "tools"].contains(request.model) { return others.generate(request, reporter: reporter) }
            let known = models.keys.sorted().map { "scripted/\($0)" }.joined(separator: ", ")
            let message = "The test has no model \"\(request.model)\"; it has \(known)."
            return reporter.report(.failed(Failure(kind: "model.badRequest", message: message, isRetryable: false)))
        }
        let answer = model(request.work.prompt)
        if !answer.isEmpty { reporter.report(.text(answer)) }
        reporter.report(.answered(ModelAnswer(text: answer)))
    }

    func stop(_ key: AttemptKey) { others.stop(key) }
}
