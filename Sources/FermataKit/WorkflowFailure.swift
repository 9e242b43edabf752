import JSON
import RPC
import Server
import WorkflowEngine
import WorkflowModel

/// Why a step or a run failed, or why something was refused: a stable kind to switch on, and a sentence for a person.
public struct WorkflowFailure: Error, Sendable, Hashable {
    /// `step.timedOut`, `workflow.changed`, … or what a step's body said.
    public var kind: String
    /// What happened, and how it can be mended.
    public var message: String
    /// False where another attempt cannot help.
    public var isRetryable: Bool

    /// A failure that a step throws to say its kind.
    public init(kind: String, message: String, isRetryable: Bool = true) {
        self.kind = kind
        self.message = message
        self.isRetryable = isRetryable
    }
}

extension WorkflowFailure: CustomStringConvertible {
    public var description: String { "\(message) (\(kind))" }
}

extension WorkflowFailure {
    static let runNotFound = "run.notFound"
    static let runCancelled = "run.cancelled"

    init(_ failure: Failure) {
        self.init(kind: failure.kind, message: failure.message, isRetryable: failure.isRetryable)
    }

    init(_ error: EngineError) {
        let told = RPCError(error)
        self.init(
            kind: told.data?["kind"]?.string ?? told.data?["problems"]?[0]?["kind"]?.string ?? "invalid",
            message: [told.message, told.data?["hint"]?.string].compactMap(\.self).joined(separator: " "),
            isRetryable: told.data?["retryable"]?.bool ?? false)
    }

    /// A mistake of the workflow's, which another attempt would make again.
    static func misuse(_ kind: String, _ message: String) -> WorkflowFailure {
        WorkflowFailure(kind: kind, message: message, isRetryable: false)
    }
}

extension Failure {
    /// What somebody's code has thrown. Of a type that this library does not know the description is all there is.
    init(_ error: any Error, kind: String) {
        switch error {
        case let failure as WorkflowFailure:
            self.init(kind: failure.kind, message: failure.message, isRetryable: failure.isRetryable)
        case is CancellationError:
            self.init(kind: "step.cancelled", message: "It was not wanted any more.", isRetryable: false)
        default: self.init(kind: kind, message: "\(error)")
        }
    }
}
