package import WorkflowEngine
package import WorkflowModel
package import WorkflowStore

/// Performs `command` steps as local processes, where the host allows it.
package final class CommandExecutor: StepExecutor {
    private let isAllowed: Bool
    private let ledger: any ProcessLedger
    /// The variables of our own environment that steps may be given.
    private let secrets: Set<String>
    private let variable: @Sendable (String) -> String?
    /// From the first command on.
    private var runner: CommandRunner?

    /// Its processes are noted in `ledger`. `secrets` are the variables of our own environment, which `variable` gives,
    /// that steps may be given.
    package init(
        isAllowed: Bool, ledger: any ProcessLedger = NoLedger(), secrets: Set<String> = [],
        variable: @escaping @Sendable (String) -> String? = CommandEnvironment.ownVariable
    ) {
        self.isAllowed = isAllowed
        self.ledger = ledger
        self.secrets = secrets
        self.variable = variable
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
        do throws(Failure) {
            run(attempt.key, try resolved(work), in: attempt.cwd) { reporter.report($0) }
        } catch {
            reporter.report(.failed(error))
        }
    }

    /// The work with its secrets in its environment. Those that nobody declared fail as `secret.notDeclared`, those that
    /// are not set as `secret.notSet`.
    private func resolved(_ work: CommandWork) throws(Failure) -> CommandWork {
        var work = work
        for (name, secret) in work.secrets {
            guard secrets.contains(secret) else {
                let message = "the secret \(secret) is not among secrets.names of the user's configuration"
                throw Failure(kind: "secret.notDeclared", message: message, isRetryable: false)
            }
            guard let value = variable(secret) else {
                let message = "the secret \(secret) is not set in the environment of the service"
                throw Failure(kind: "secret.notSet", message: message, isRetryable: false)
            }
            work.environment[name] = value
        }
        return work
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
