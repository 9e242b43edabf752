package import JSON

/// One thing that is wrong, or doubtful, in a document: where, what, and how to mend it.
package struct Problem: Sendable, Hashable {
    package enum Severity: String, Sendable, Hashable {
        case error, warning
    }

    package var pointer: JSONPointer
    package var severity: Severity
    /// A stable kind: `document.missingMember`, `flow.unknownTarget`, `expression.syntax`, …
    package var kind: String
    package var message: String
    package var hint: String?

    package init(
        _ kind: String, at pointer: JSONPointer, _ message: String, hint: String? = nil, severity: Severity = .error
    ) {
        self.pointer = pointer
        self.severity = severity
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    package var json: JSONValue {
        var members: JSONObject = [
            "pointer": .string(pointer.description), "severity": .string(severity.rawValue), "kind": .string(kind),
            "message": .string(message),
        ]
        members["hint"] = hint.map { .string($0) }
        return .object(members)
    }
}
