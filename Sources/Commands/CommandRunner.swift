import Glibc
import Threads
package import WorkflowEngine
package import WorkflowModel
package import WorkflowStore

/// Runs local processes on one thread of its own, which starts with the first command and ends with the runner.
///
/// A process leads a process group, and what it starts belongs to that group unless it leaves it. When the runner goes
/// away its processes are killed; when our own process is killed they live on, and whoever recovers finds them in the
/// ledger and ends them.
package final class CommandRunner: Sendable {
    package typealias Report = @Sendable (AttemptReporter.Report) -> Void

    private let inbox: Inbox<CommandRequest>
    private let isThreadStarted = Monitor(false)
    private let limits: CommandLimits
    private let inherited: CommandEnvironment
    private let ledger: any ProcessLedger

    /// `variable` gives our own environment, of which the allow-list is passed on.
    package init(
        limits: CommandLimits = CommandLimits(), ledger: any ProcessLedger = NoLedger(),
        variable: @escaping @Sendable (String) -> String? = CommandEnvironment.ownVariable
    ) {
        self.limits = limits
        self.ledger = ledger
        inherited = CommandEnvironment(variable: variable)
        inbox = Inbox()
    }

    deinit {
        inbox.post(.close)
    }

    /// Starts the command in `directory`, or in its own `cwd` relative to it, and returns at once.
    ///
    /// `report` is called on the runner's thread: `.text` for stdout as it comes, then once `.succeeded` with
    /// `{exitCode, stdout, stderr}` or `.failed`: `command.notFound` (no such program), `command.failed` (it cannot be
    /// started), `command.exited` (its exit code is not among `okExitCodes`; the result is in `details`) or
    /// `payload.tooLarge`.
    package func start(_ key: AttemptKey, _ work: CommandWork, in directory: String, report: @escaping Report) {
        isThreadStarted.withLock { isStarted in
            if !isStarted { startLoop() }
            isStarted = true
        }
        inbox.post(.start(CommandStart(key: key, work: work, directory: directory, report: report)))
    }

    /// Ends the command's process group: SIGTERM now, SIGKILL after `limits.killDelay`. It reports nothing any more. An
    /// unknown key is ignored.
    package func stop(_ key: AttemptKey) {
        inbox.post(.stop(key))
    }

    /// Stops every command, with SIGKILL after `grace`, and returns when all have ended or have been sent it.
    package func endAll(within grace: Duration = .seconds(1)) {
        guard isThreadStarted.withLock({ $0 }) else { return }
        let ended = Monitor(false)
        inbox.post(.endAll(grace: grace, ended: ended))
        ended.wait { $0 }
    }

    private func startLoop() {
        let isStarted = startThread { [inbox, limits, inherited, ledger] in
            CommandLoop(inbox: inbox, limits: limits, inherited: inherited, ledger: ledger).run()
        }
        precondition(isStarted, "The system gives no thread.")
    }
}

/// How much a command may say, and how long it is waited for.
package struct CommandLimits: Sendable {
    /// The most bytes of stdout, and of stderr; beyond it the command fails as `payload.tooLarge`.
    package var outputBytes = 16 << 20
    /// How long a process group has between SIGTERM and SIGKILL.
    package var killDelay: Duration = .seconds(1)
    /// How long a pipe that somebody else keeps open is read after the process has ended.
    package var drainDelay: Duration = .seconds(1)

    package init() {}
}
