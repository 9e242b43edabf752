import JSON
import RPC

/// The executable as people use it: a command line in, an exit code out.
package struct Program {
    package enum Invocation: Sendable {
        case serve(ServiceSettings)
        case command(CommandSpec, Arguments)
    }

    package var version: String
    package var user: String
    package var entry: ServiceEntry
    package var care: StoreCare
    package var screen: Screen
    /// A descriptor that becomes readable at Ctrl-C; -1 for none.
    package var interrupts: Int32

    package init(
        version: String, user: String, screen: Screen, interrupts: Int32, care: StoreCare,
        entry: @escaping ServiceEntry
    ) {
        self.version = version
        self.user = user
        self.screen = screen
        self.interrupts = interrupts
        self.entry = entry
        self.care = care
    }

    /// What the words after the program's name ask for. No word, or an option first, asks to serve.
    package static func invocation(_ words: [String]) throws(Complaint) -> Invocation {
        guard let first = words.first, !first.hasPrefix("-") else {
            if let asked = try standIn(for: words.first) { return asked }
            let arguments = try Arguments(words, for: CommandTable.serve)
            if arguments.has("help") { return .command(try CommandTable.command(named: "help"), try none()) }
            return .serve(ServiceSettings(arguments))
        }
        let spec = try CommandTable.command(named: first)
        let arguments = try Arguments(words.dropFirst(), for: spec)
        guard arguments.has("help") else { return .command(spec, arguments) }
        let help = try CommandTable.command(named: "help")
        return .command(help, try Arguments([first], for: help))
    }

    /// `fermata --version`, as everybody types it.
    private static func standIn(for word: String?) throws(Complaint) -> Invocation? {
        guard word == "--version" || word == "-V" else { return nil }
        return .command(try CommandTable.command(named: "version"), try none())
    }

    private static func none() throws(Complaint) -> Arguments { try Arguments([], for: CommandTable.serve) }

    /// Does what a command does. Whatever goes wrong is told on standard error.
    package func perform(_ spec: CommandSpec, _ arguments: Arguments) -> ExitCode {
        let context = CommandContext(
            arguments: arguments, screen: screen, version: version, user: user, entry: entry, care: care,
            interrupts: interrupts)
        do {
            return try spec.perform(context)
        } catch is Interrupted {
            return .interrupted
        } catch {
            let complaint = Complaint(error)
            screen.report(complaint)
            return complaint.exitCode
        }
    }
}

extension Complaint {
    init(_ error: any Error) {
        switch error {
        case let complaint as Complaint: self = complaint
        case let error as RPCError:
            let isRefusal = error.code == -32602 || error.code == -32000 && !error.isOfService
            self.init(
                exitCode: isRefusal ? .usage : .service, message: error.message,
                hint: error.data?["hint"]?.string)
        default: self = .service("\(error)")
        }
    }
}

extension RPCError {
    fileprivate var isOfService: Bool {
        guard let kind else { return true }
        return kind.hasPrefix("store.") || kind.hasPrefix("server.") || kind == "limit.exceeded"
    }
}
