package import WorkflowEngine
package import WorkflowModel
package import WorkflowStore

/// Performs `command` steps as local processes, where the host allows it.
package final class CommandExecutor: StepExecutor {
    private let isAllowed: Bool
    private let ledger: any ProcessLedger
    /// From the first command on.
    private var runner: CommandRunner?

    /// Its processes are noted in `ledger`.
    package init(isAllowed: Bool, ledger: any ProcessLedger = NoLedger()) {
        self.isAllowed = isAllowed
        self.ledger = ledger
    }

    package func readiness(for step: StepKind) -> Readiness {
        guard case .command = step else { return .missingHandler(step.name) }
        return obstacle.map { .notPermitted($0.message) } ?? .ready
    }

    /// Other work than a command, or a command that is not allowed, fails as `command.notAllowed`.
    package func start(_ attempt: Attempt, reporter: AttemptReporter) {
        guard obstacle == nil, case .command(let work) = attempt.work else {
            return reporter.report(.failed(obstacle ?? Self.refusal))
        }
        run(attempt.key, work, in: attempt.cwd) { reporter.report($0) }
    }

    /// Why no command runs here; nil where they are allowed.
    package var obstacle: Failure? { isAllowed ? nil : Self.refusal }

    /// Starts a command that is part of something else: `CommandRunner.start`. It must be allowed.
    package func run(
        _ key: AttemptKey, _ work: CommandWork, in directory: String, report: @escaping CommandRunner.Report
    ) {
        precondition(isAllowed, "Commands are not allowed here.")
        let runner = runner ?? CommandRunner(ledger: ledger)
        self.runner = runner
        runner.start(key, work, in: directory, report: report)
    }

    package func stop(_ key: AttemptKey) {
        runner?.stop(key)
    }

    /// For shutdown: `CommandRunner.endAll(within:)`.
    package func endAll(within grace: Duration = .seconds(1)) {
        runner?.endAll(within: grace)
    }

    private static let refusal = Failure(
        kind: "command.notAllowed",
        message:
            "commands are not allowed by this host: it allows them with capabilities.commands or --allow-commands",
        isRetryable: false)
}
