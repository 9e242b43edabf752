import CSystem
import Glibc
import JSON
import WorkflowEngine
import WorkflowModel

@testable import Commands

/// One command with everything it reports, in order.
struct Conversation: Sendable {
    /// How a command ended, and the text it reported before.
    struct Ending: Sendable {
        var text = ""
        var result: JSONValue?
        var failure: Failure?
    }

    let key: AttemptKey
    private let reports: AsyncStream<AttemptReporter.Report>
    private let sink: AsyncStream<AttemptReporter.Report>.Continuation

    init(_ name: String = "step") {
        key = AttemptKey(runID: "run", path: name, number: 1)
        (reports, sink) = AsyncStream.makeStream()
    }

    var report: CommandRunner.Report {
        { [sink] report in
            sink.yield(report)
            switch report {
            case .succeeded, .failed: sink.finish()
            default: break
            }
        }
    }

    /// Waits for the next text.
    func text() async -> String? {
        for await case .text(let text) in reports { return text }
        return nil
    }

    /// Waits until at least so many lines were said, and gives their words.
    func words(lines: Int) async -> [String] {
        var said = ""
        while said.count(where: { $0 == "\n" }) < lines, let piece = await text() { said += piece }
        return said.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// Waits for the end.
    func ending() async -> Ending {
        var ending = Ending()
        for await report in reports {
            switch report {
            case .text(let text): ending.text += text
            case .succeeded(let result): ending.result = result
            case .failed(let failure): ending.failure = failure
            default: break
            }
        }
        return ending
    }

    /// No report is to come. Gives what was reported and not yet awaited.
    func close() async -> Ending {
        sink.finish()
        return await ending()
    }
}

extension CommandRunner {
    /// Runs one command to its end.
    func run(_ work: CommandWork, in directory: String = "/") async -> Conversation.Ending {
        let conversation = Conversation()
        start(conversation.key, work, in: directory, report: conversation.report)
        return await conversation.ending()
    }

    func run(_ arguments: String..., in directory: String = "/") async -> Conversation.Ending {
        await run(CommandWork(arguments: arguments), in: directory)
    }
}

extension CommandWork {
    static func shell(_ script: String) -> CommandWork {
        CommandWork(arguments: ["sh", "-c", script])
    }
}

/// A runner that waits a moment only where it would wait a second.
func impatientRunner() -> CommandRunner {
    var limits = CommandLimits()
    limits.killDelay = .milliseconds(50)
    limits.drainDelay = .milliseconds(50)
    return CommandRunner(limits: limits)
}

/// A process somebody else started, watched from now on, whose id nobody else can get meanwhile.
struct WatchedProcess {
    let id: pid_t
    private let descriptor: Int32

    init?(_ text: String) {
        guard let id = pid_t(text) else { return nil }
        self.id = id
        descriptor = fermata_pidfd_open(id)
        guard descriptor >= 0 else { return nil }
    }

    /// Whether it ends within so many milliseconds.
    func ends(within milliseconds: Int32 = 10_000) -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, milliseconds) == 1
    }

    func close() {
        _ = Glibc.close(descriptor)
    }
}

/// A directory of its own for one test, removed afterwards with the files in it.
final class TemporaryDirectory {
    let path: String

    init() {
        var template = Array("/tmp/fermata-commands-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/nonexistent"
    }

    deinit {
        for name in ["gate", "script"] { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// A pipe with a name, which commands wait at until it is opened and closed.
    func makeGate() -> String {
        mkfifo("\(path)/gate", 0o600)
        return "\(path)/gate"
    }
}
