package import Commands
import Synchronization
package import WorkflowEngine
package import WorkflowModel

/// A program that answers prompts, such as the command line of an agent, where the host allows commands.
package final class CommandProvider: ModelProvider {
    package struct Settings: Sendable {
        /// The program and its arguments. `{prompt}`, `{system}` and `{model}`, each an argument of its own, stand for
        /// what is asked; without a `{prompt}` the program reads it on its stdin.
        package var arguments: [String]
        /// What it has beside the few variables that every command has.
        package var environment: [String: String]
        /// The variable of our own environment that it is given, and whose value is not shown.
        package var keyVariable: String?
        /// Whether it prints JSON, an object a line.
        package var printsLines: Bool

        package init(
            arguments: [String], environment: [String: String] = [:], keyVariable: String? = nil,
            printsLines: Bool = false
        ) {
            self.arguments = arguments
            self.environment = environment
            self.keyVariable = keyVariable
            self.printsLines = printsLines
        }
    }

    package let name: String
    private let settings: Settings
    private let commands: CommandExecutor
    private let variable: @Sendable (String) -> String?

    /// `variable` gives our own environment.
    package init(
        _ name: String, _ settings: Settings, commands: CommandExecutor,
        variable: @escaping @Sendable (String) -> String? = CommandEnvironment.ownVariable
    ) {
        self.name = name
        self.settings = settings
        self.commands = commands
        self.variable = variable
    }

    package func readiness(for step: StepKind) -> Readiness {
        commands.obstacle.map { .notPermitted($0.message) } ?? .ready
    }

    package var obstacle: Failure? {
        do throws(Failure) {
            if let obstacle = commands.obstacle { throw obstacle }
            _ = try key()
            let program = settings.arguments.first ?? ""
            guard ProgramPlace.path(of: program) != nil else {
                let message = "The provider \"\(name)\" is the command \(program), which is not found."
                throw Failure(kind: "model.unavailable", message: message, isRetryable: false)
            }
            return nil
        } catch {
            return error
        }
    }

    package func generate(_ request: ModelRequest, reporter: AttemptReporter) {
        do throws(Failure) {
            let (work, key) = try prepare(request)
            let isLastAlone = request.work.output != nil
            let answer = PrintedAnswer(isLines: settings.printsLines, isLastAlone: isLastAlone, hiding: key)
            let exchange = CommandExchange(answer, reporter)
            commands.run(request.key, work, in: request.attempt.cwd) { exchange.take($0) }
        } catch {
            reporter.report(.failed(error))
        }
    }

    package func stop(_ key: AttemptKey) { commands.stop(key) }

    private func prepare(_ request: ModelRequest) throws(Failure) -> (CommandWork, key: String?) {
        if let obstacle = commands.obstacle { throw obstacle }
        guard request.work.tools.isEmpty else {
            let message =
                "The provider \"\(name)\" is a command, whose tools are its own: the agent cannot have others."
            throw Failure(kind: "model.badRequest", message: message, isRetryable: false)
        }
        var work = CommandWork(arguments: [], environment: settings.environment)
        let key = try key()
        if let name = settings.keyVariable { work.environment[name] = key }
        let instructions = request.work.instructions ?? ""
        let hasSystem = settings.arguments.contains("{system}")
        let prompt = hasSystem || instructions.isEmpty ? "" : instructions + "\n\n"
        let places = ["{prompt}": prompt + request.work.transcript, "{system}": instructions, "{model}": request.model]
        work.arguments = settings.arguments.map { places[$0] ?? $0 }
        if !settings.arguments.contains("{prompt}") { work.stdin = places["{prompt}"] }
        return (work, key)
    }

    /// Nil where none is configured.
    private func key() throws(Failure) -> String? {
        guard let name = settings.keyVariable else { return nil }
        if let value = variable(name), !value.isEmpty { return value }
        let message = "The provider \"\(self.name)\" needs its key in the environment variable \(name)."
        throw Failure(kind: "model.unauthorized", message: message, isRetryable: false)
    }
}

extension AgentWork {
    /// The conversation for somebody who remembers none of it.
    fileprivate var transcript: String {
        var text = prompt
        for turn in conversation.turns {
            text += "\n\nYou have answered:\n\(turn.text)"
            if let told = turn.told { text += "\n\n\(told)" }
        }
        return text
    }
}

/// A command under way, on its runner's thread.
private final class CommandExchange: Sendable {
    private let answer: Mutex<PrintedAnswer>
    private let reporter: AttemptReporter

    init(_ answer: PrintedAnswer, _ reporter: AttemptReporter) {
        self.answer = Mutex(answer)
        self.reporter = reporter
    }

    func take(_ report: AttemptReporter.Report) {
        switch report {
        case .text(let text): say(answer.withLock { $0.take(text) })
        case .succeeded: end(failure: nil)
        case .failed(let failure): end(failure: failure)
        default: reporter.report(report)
        }
    }

    private func end(failure: Failure?) {
        let (rest, result) = answer.withLock { $0.end(failure) }
        say(rest)
        switch result {
        case .success(let answer): reporter.report(.answered(answer))
        case .failure(let failure): reporter.report(.failed(failure))
        }
    }

    private func say(_ text: String) {
        if !text.isEmpty { reporter.report(.text(text)) }
    }
}
