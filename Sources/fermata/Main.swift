import Composition
import Configuration
import Glibc
import RPCTransport
import Server
import Terminal
import WorkflowModel

/// Serves, or does what a person's command says.
@main
enum Main {
    private static let version = "0.1.0"

    static func main() {
        do {
            switch try Program.invocation(Array(CommandLine.arguments.dropFirst())) {
            case .serve(let settings):
                let streams = StandardStreams.take()
                let options = try ServiceOptions(settings, version: version)
                exit(serve(options, input: streams.input, output: streams.output, handlesSignals: true))
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
            interrupts: Interrupts.watch(), care: StoreCare(ServiceOptions(version: version))
        ) { settings, input, output in
            do throws(Complaint) {
                let options = try ServiceOptions(settings, version: version)
                return serve(options, input: input, output: output, handlesSignals: false)
            } catch {
                Screen(isPlain: isPlain).report(error)
                exit(error.exitCode.rawValue)
            }
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
    fileprivate init(_ settings: ServiceSettings, version: String) throws(Complaint) {
        self.init(version: version)
        store = settings.store
        allowsCommands = settings.allowsCommands
        performs = settings.performs
        recovers = settings.recovers
        retentionDays = try settings.retention.map { text throws(Complaint) in
            if let days = Int(text), (0...36_500).contains(days) { return days }
            throw .usage("--retention takes a number of days, not \"\(text)\".")
        }
        log = try Log(settings)
    }
}

extension ServiceOptions {
    /// Those of a service that is told nothing.
    fileprivate init(version: String) {
        self.init(version: version, defaultStore: .location, cwd: currentDirectory)
        configurationFiles = .ofThisProcess
    }
}

extension Log {
    /// A file is asked for to be read later, so more is written to it.
    fileprivate init(_ settings: ServiceSettings) throws(Complaint) {
        let level = settings.logLevel.map(LogLevel.init) ?? (settings.logPath == nil ? .warning : .info)
        guard let level else {
            let known = LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("There is no log level \"\(settings.logLevel ?? "")\".", hint: "Known levels: \(known).")
        }
        guard let path = settings.logPath else {
            self.init(level: level)
            return
        }
        guard let file = Log(path: path, level: level) else {
            throw .service("The log \(path) cannot be opened: \(String(cString: strerror(errno))).")
        }
        self = file
    }
}
