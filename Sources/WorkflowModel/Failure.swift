package import JSON

/// Why a step or a run failed: a stable kind to switch on, and a sentence for a person.
package struct Failure: Error, Sendable, Hashable {
    /// `step.timedOut`, `command.exited`, … or what a handler said.
    package var kind: String
    package var message: String
    /// False when another attempt cannot help.
    package var isRetryable: Bool
    /// What else is known: a handler's error data, a command's result.
    package var details: JSONValue?
    /// The path of the step whose failure became the run's.
    package var step: String?

    package init(kind: String, message: String, isRetryable: Bool = true, details: JSONValue? = nil) {
        self.kind = kind
        self.message = message
        self.isRetryable = isRetryable
        self.details = details
    }
}
