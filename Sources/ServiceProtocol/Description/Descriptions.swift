package import RPC

/// Whether a message may still change: a stable one only gains optional members, until the protocol has another major version.
package enum Stability: String, Sendable {
    case stable, experimental
}

/// What people and tools are told of a request, beside its params.
package struct RequestDescription {
    /// One sentence.
    package var summary: String
    /// What else is to know, in Markdown.
    package var details: String
    package var result: Shape
    /// What may be refused, beside what any request may be refused with.
    package var errors: [ErrorKind]
    /// Whether it is also refused with kinds that somebody else made: those a step failed with.
    package var hasOtherErrors: Bool
    package var stability: Stability
    package var example: Example

    package init(
        _ summary: String, _ details: String = "", result: Shape, errors: [ErrorKind] = [],
        hasOtherErrors: Bool = false,
        stability: Stability = .stable, example: Example
    ) {
        self.summary = summary
        self.details = details
        self.result = result
        self.errors = errors
        self.hasOtherErrors = hasOtherErrors
        self.stability = stability
        self.example = example
    }
}

/// What people and tools are told of a notification, beside its params.
package struct NotificationDescription {
    /// One sentence.
    package var summary: String
    /// What else is to know, in Markdown.
    package var details: String
    package var stability: Stability
    /// Its params, as they look on the wire.
    package var example: String

    package init(
        _ summary: String, _ details: String = "", stability: Stability = .stable, example: String
    ) {
        self.summary = summary
        self.details = details
        self.stability = stability
        self.example = example
    }
}

/// A request and its answer, as they look on the wire.
package struct Example {
    package var params: String
    package var result: String

    package init(_ params: String, gives result: String) {
        self.params = params
        self.result = result
    }
}
