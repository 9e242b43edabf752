/// Why a text is not JSON, and where.
package struct JSONError: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case unexpectedEnd, unexpectedByte, depth, invalidUTF8, loneSurrogate, controlCharacter
        case badNumber, badEscape, trailing
    }

    package let kind: Kind
    /// The byte at which reading stopped, counted from 0.
    package let offset: Int
    /// One sentence for a person.
    package let message: String

    package init(_ kind: Kind, at offset: Int, _ complaint: String) {
        self.kind = kind
        self.offset = offset
        self.message = "\(complaint) at byte \(offset)."
    }
}

extension JSONError: CustomStringConvertible {
    package var description: String { message }
}
