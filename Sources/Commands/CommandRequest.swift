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
