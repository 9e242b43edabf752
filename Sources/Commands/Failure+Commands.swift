import JSON
import WorkflowModel

/// The kinds a command fails with, and their sentences.
extension Failure {
    static func commandFailed(_ message: String, isRetryable: Bool) -> Failure {
        Failure(kind: "command.failed", message: message, isRetryable: isRetryable)
    }

    static func programNotFound(_ program: String, directory: String) -> Failure {
        // The kernel says the same of a script whose interpreter is missing.
        let message =
            program.contains("/")
            ? "the program \(program), or the interpreter it names, does not exist, seen from \(directory)"
            : "the program \(program) was not found in PATH"
        return Failure(kind: "command.notFound", message: message, isRetryable: false)
    }

    static func exited(_ status: ExitStatus, program: String, stderr: String, result: JSONValue) -> Failure {
        var message =
            switch status {
            case .code(let code): "\(program) exited with code \(code)"
            case .signal(let number): "\(program) was ended by signal \(number)"
            }
        if let line = stderr.lastLine { message += ": \(line)" }
        return Failure(kind: "command.exited", message: message, details: result)
    }

    static func exitUnknown(program: String) -> Failure {
        commandFailed("nobody knows how \(program) ended: its exit status was taken from us", isRetryable: true)
    }

    static func outputTooLarge(program: String, stream: String, limit: Int) -> Failure {
        Failure(
            kind: "payload.tooLarge", message: "\(program) wrote more than \(limit) bytes to \(stream)",
            isRetryable: false)
    }
}

extension String {
    /// The last line that says something, cut where a sentence for a person should end.
    fileprivate var lastLine: Substring? {
        split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }?.prefix(200)
    }
}
