/// Why an expression could not be parsed or evaluated, and where.
package struct ExpressionError: Error, Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        /// The text is not an expression.
        case syntax = "expression.syntax"
        /// The expression has no value under these bindings.
        case evaluation = "expression.evaluation"
        /// The value is one that JSON cannot hold.
        case notJSON = "expression.notJSON"
        /// The evaluation would have cost more than is allowed.
        case budget = "expression.budget"

        /// The stable name that clients see.
        package var name: String { rawValue }
    }

    package let kind: Kind
    /// A sentence for a person: what was expected, and what was found.
    package let message: String
    /// UTF-8 bytes into the text that was parsed: the expression or, inside a template, the whole string around it.
    package let offset: Int
    /// Where `offset` is, for a person.
    package let place: TextPlace

    init(_ failure: Failure, in text: String) {
        kind = failure.reason.kind
        message = failure.reason.message
        offset = failure.offset
        place = TextPlace(offset: failure.offset, in: text)
    }
}

extension ExpressionError: CustomStringConvertible {
    package var description: String { "\(place): \(message)" }
}
