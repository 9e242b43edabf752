package import Expressions
package import JSON

/// One unit of work in a flow, as its document has it. A class, since every run that stands in it points to it.
package final class Step: Sendable {
    /// What a step that undoes another is called.
    package static let compensationName = "compensate"

    package let name: String
    package let description: String?
    package let kind: StepKind
    /// State members that change when the step completes, before `next` is chosen; nil when there are none.
    package let set: Template?
    /// What the step's result must fit.
    package let output: JSONSchema?
    /// How long one attempt may take.
    package let timeout: Duration?
    /// How long an attempt may stay silent.
    package let heartbeatTimeout: Duration?
    package let retry: RetryPolicy
    /// Where the flow goes when the last attempt has failed; nil fails the run.
    package let onError: Target?
    package let onInterrupted: InterruptionPolicy
    /// What undoes the step when its run fails or is cancelled later.
    package let compensation: Step?
    package let next: Next
    /// What a pattern expects of the step.
    package let role: StepRole?
    /// As the document has it.
    package let source: JSONObject
    /// What the body always gets, where no expression has a say in it.
    package let constantInput: JSONValue?
    /// What an attempt performs that gets it.
    private let constantWork: Work?

    init(
        name: String, description: String?, kind: StepKind, set: Template?, output: JSONSchema?, timeout: Duration?,
        heartbeatTimeout: Duration?, retry: RetryPolicy, onError: Target?, onInterrupted: InterruptionPolicy,
        compensation: Step? = nil, next: Next,
        role: StepRole? = nil, source: JSONObject
    ) {
        self.name = name
        self.description = description
        self.kind = kind
        self.set = set
        self.output = output
        self.timeout = timeout
        self.heartbeatTimeout = heartbeatTimeout
        self.retry = retry
        self.onError = onError
        self.onInterrupted = onInterrupted
        self.compensation = compensation
        self.next = next
        self.role = role
        self.source = source
        constantInput = kind.hasConstantInput ? try? kind.bodyInput([:]) : nil
        constantWork = constantInput.flatMap { Work(kind, input: $0) }
    }

    /// What an attempt performs that gets `input`; nil for a step without a body, and where the input is not one of it.
    package func work(for input: JSONValue) -> Work? {
        if let constantInput, input.isIdentical(to: constantInput) { return constantWork }
        return Work(kind, input: input)
    }
}

/// Where a flow goes.
package enum Target: Sendable, Hashable {
    case step(String)
    case end

    package static let endName = "END"

    package init(named name: String) {
        self = name == Self.endName ? .end : .step(name)
    }

    package var name: String {
        switch self {
        case .step(let name): name
        case .end: Self.endName
        }
    }
}

package enum Next: Sendable {
    /// A bare target. After an approval it is followed only when it was approved.
    case always(Target)
    /// The first choice whose condition holds; none is `flow.noRoute`.
    case choose([Choice])

    package struct Choice: Sendable {
        /// Nil is the default.
        package var when: Expression?
        package var to: Target
    }

    package var targets: [Target] {
        switch self {
        case .always(let target): [target]
        case .choose(let choices): choices.map(\.to)
        }
    }
}

/// What happens to an attempt whose outcome nobody knows.
package enum InterruptionPolicy: String, Sendable, Hashable, CaseIterable {
    /// Run it again with the same idempotency key and the next attempt number.
    case retry
    /// A person decides.
    case ask
    case fail
}
