package import WorkflowEngine
package import WorkflowModel

/// The models of the client itself, by whoever knows how to ask it.
package final class HostedProvider: ModelProvider {
    package let name: String
    private let host: any StepExecutor

    package init(_ name: String, host: any StepExecutor) {
        self.name = name
        self.host = host
    }

    package func readiness(for step: StepKind) -> Readiness { host.readiness(for: step) }

    package func generate(_ request: ModelRequest, reporter: AttemptReporter) {
        var attempt = request.attempt
        attempt.work = .agent(request.work)
        host.start(attempt, reporter: reporter)
    }

    package func stop(_ key: AttemptKey) { host.stop(key) }
}
