/// Why a text is not a pattern, and where.
package struct RegularExpressionError: Error, Sendable, Hashable {
    /// A sentence for a person.
    package let message: String
    /// UTF-8 bytes into the pattern.
    package let offset: Int
}

extension RegularExpressionError: CustomStringConvertible {
    package var description: String { message }
}
