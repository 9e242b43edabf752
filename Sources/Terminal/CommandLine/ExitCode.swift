/// What a command tells the shell.
package enum ExitCode: Int32, Sendable, CaseIterable {
    case completed = 0
    case failed = 1
    case usage = 2
    case waiting = 3
    case cancelled = 4
    case service = 5
    case interrupted = 130

    package var meaning: String {
        switch self {
        case .completed: "done; the run completed"
        case .failed: "the run failed"
        case .usage: "wrong usage, an invalid document, or a request that was refused"
        case .waiting: "the run is safe, and waits for a person"
        case .cancelled: "the run was cancelled"
        case .service: "the service or its store failed"
        case .interrupted: "interrupted with Ctrl-C; the run is safe"
        }
    }
}
