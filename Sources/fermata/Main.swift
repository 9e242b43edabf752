import Glibc
import RPCTransport
import Server
import Terminal

/// Serves, or does what a person's command says.
@main
enum Main {
    private static let version = "0.1.0"

    static func main() {
        do {
            switch try Program.invocation(Array(CommandLine.arguments.dropFirst())) {
            case .serve(let settings):
                let streams = StandardStreams.take()
                exit(
                    serve(
                        ServiceOptions(settings, version: version), input: streams.input, output: streams.output,
                        handlesSignals: true))
            case .command(let command, let arguments): exit(perform(command, arguments).rawValue)
            }
        } catch {
            Screen(isPlain: true).report(error)
            exit(error.exitCode.rawValue)
        }
    }

    private static func perform(_ command: CommandSpec, _ arguments: Arguments) -> ExitCode {
        // A reader who leaves, as in `fermata list | head`, is an error of `write` and not the end of the session.
        signal(SIGPIPE, SIG_IGN)
        let isPlain = arguments.has("no-color") || variable("NO_COLOR") != nil || variable("TERM") == "dumb"
        let program = Program(
            version: version, user: user, screen: Screen(isPlain: isPlain),
            interrupts: Interrupts.watch()
        ) { settings, input, output in
            serve(ServiceOptions(settings, version: version), input: input, output: output, handlesSignals: false)
        }
        return program.perform(command, arguments)
    }
}

/// Who decides, when this process asks.
private var user: String {
    if let name = variable("USER") ?? variable("LOGNAME") { return name }
    guard let account = getpwuid(getuid()), let name = account.pointee.pw_name else { return "user \(getuid())" }
    return String(cString: name)
}

extension ServiceOptions {
    fileprivate init(_ settings: ServiceSettings, version: String) {
        self.init(version: version, defaultStore: .location, cwd: currentDirectory)
        store = settings.store
        allowsCommands = settings.allowsCommands
        performs = settings.performs
        recovers = settings.recovers
    }
}

extension Setting<String> {
    /// `$XDG_STATE_HOME/fermata/fermata.db`; without a home, a store that ends with the process.
    fileprivate static var location: Setting<String> {
        if let state = variable("XDG_STATE_HOME") { return Setting(state + "/fermata/fermata.db", from: .environment) }
        if let home = variable("HOME") { return Setting(home + "/.local/state/fermata/fermata.db", from: .builtIn) }
        return Setting("memory:", from: .builtIn)
    }
}

/// An environment variable that says something.
private func variable(_ name: String) -> String? {
    guard let value = getenv(name), value[0] != 0 else { return nil }
    return String(cString: value)
}

private var currentDirectory: String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
}
