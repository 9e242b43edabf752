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
        return isAllowed ? .ready : .notPermitted(Self.refusal)
    }

    /// Other work than a command, or a command that is not allowed, fails as `command.notAllowed`.
    package func start(_ attempt: Attempt, reporter: AttemptReporter) {
        guard isAllowed, case .command(let work) = attempt.work else {
            reporter.report(
                .failed(Failure(kind: "command.notAllowed", message: Self.refusal, isRetryable: false)))
            return
        }
        let runner = runner ?? CommandRunner(ledger: ledger)
        self.runner = runner
        runner.start(attempt.key, work, in: attempt.cwd) { reporter.report($0) }
    }

    package func stop(_ key: AttemptKey) {
        runner?.stop(key)
    }

    /// For shutdown: `CommandRunner.endAll(within:)`.
    package func endAll(within grace: Duration = .seconds(1)) {
        runner?.endAll(within: grace)
    }

    private static let refusal =
        "commands are not allowed by this host: it allows them with capabilities.commands or --allow-commands"
}
