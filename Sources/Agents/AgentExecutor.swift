package import WorkflowEngine
package import WorkflowModel

/// Performs `agent` steps by the provider their model names.
package final class AgentExecutor: StepExecutor {
    private let providers: [String: any ModelProvider]

    package init(providers: [any ModelProvider] = [ScriptedProvider()]) {
        self.providers = Dictionary(uniqueKeysWithValues: providers.map { ($0.name, $0) })
    }

    package func readiness(for step: StepKind) -> Readiness { .ready }

    package func start(_ attempt: Attempt, reporter: AttemptReporter) {
        guard case .agent(let work) = attempt.work else { return }
        let parts = work.model.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1).map { String(Substring($0)) }
        guard parts.count == 2, let provider = providers[parts[0]] else {
            let known = providers.keys.sorted().joined(separator: ", ")
            let message = "The model \"\(work.model)\" has no provider here; known providers are \(known)."
            return reporter.report(
                .failed(Failure(kind: "model.unavailable", message: message, isRetryable: false)))
        }
        provider.generate(work, model: parts[1], reporter: reporter)
    }

    package func stop(_ key: AttemptKey) {
        for provider in providers.values { provider.stop(key) }
    }
}
