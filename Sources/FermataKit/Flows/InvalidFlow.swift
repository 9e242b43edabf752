import JSON
import WorkflowModel

/// Steps do not make a flow; everything that is wrong with them at once.
public struct InvalidFlow: Error, Sendable, Hashable {
    /// In the order of the steps.
    public let problems: [FlowProblem]

    init(_ problems: [Problem]) {
        self.problems = problems.filter { $0.severity == .error }.map { FlowProblem($0) }
    }
}

extension InvalidFlow: CustomStringConvertible {
    /// A line a problem.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// One thing that is wrong, or doubtful, in a flow.
public struct FlowProblem: Sendable, Hashable {
    /// Where it stands in the document, as a JSON pointer: `/flow/release/next`.
    public let pointer: String
    /// What to switch on: `flow.unknownTarget`, `expression.syntax`, …
    public let kind: String
    /// One sentence for a person.
    public let message: String
    /// How to mend it.
    public let hint: String?

    init(_ problem: Problem) {
        pointer = problem.pointer.description
        kind = problem.kind
        message = problem.message
        hint = problem.hint
    }
}

extension FlowProblem: CustomStringConvertible {
    public var description: String {
        "\(pointer): \(message)\(hint.map { " \($0)" } ?? "") (\(kind))"
    }
}
