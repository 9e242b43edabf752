import Glibc
import Threads
import WorkflowEngine
import WorkflowModel

/// What a command starts from.
struct CommandStart: Sendable {
    var key: AttemptKey
    var work: CommandWork
    var directory: String
    var report: CommandRunner.Report

    var program: String { work.arguments.first ?? "" }
}

enum CommandRequest: Sendable {
    case start(CommandStart)
    case stop(AttemptKey)
    case endAll(grace: Duration, ended: Monitor<Bool>)
    /// Kill what is left; the thread ends.
    case close
}

/// The one way to the runner's thread, which sleeps in `poll`: a pipe wakes it.
final class CommandInbox: Sendable {
    private let wake: Pipe
    private let requests = Monitor<[CommandRequest]>([])

    init() {
        guard let pipe = Pipe() else { preconditionFailure("The system gives no pipe.") }
        wake = pipe
    }

    /// Readable while there is something to take.
    var wakeDescriptor: Int32 { wake.reading.raw }

    /// Never waits: the pipe holds one byte at most.
    func post(_ request: CommandRequest) {
        requests.withLock { requests in
            if requests.isEmpty {
                var byte: UInt8 = 0
                _ = write(wake.writing.raw, &byte, 1)
            }
            requests.append(request)
        }
    }

    /// Takes everything, in the order it came.
    func take() -> [CommandRequest] {
        requests.withLock { requests in
            guard !requests.isEmpty else { return [] }
            var byte: UInt8 = 0
            _ = read(wake.reading.raw, &byte, 1)
            defer { requests = [] }
            return requests
        }
    }
}
