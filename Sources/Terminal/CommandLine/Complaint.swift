/// Why a command stops: sentences for a person, and the code for the shell.
package struct Complaint: Error, Sendable, Hashable {
    package var exitCode: ExitCode
    package var message: String
    /// What to do about it.
    package var hint: String?

    package static func usage(_ message: String, hint: String? = nil) -> Complaint {
        Complaint(exitCode: .usage, message: message, hint: hint)
    }

    package static func service(_ message: String, hint: String? = nil) -> Complaint {
        Complaint(exitCode: .service, message: message, hint: hint)
    }
}
