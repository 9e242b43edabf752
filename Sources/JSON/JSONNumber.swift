/// A number that keeps the text it was read from. Equality, order and hash go by mathematical value: 1, 1.0 and 10e-1
/// are one number.
package struct JSONNumber: Sendable {
    private enum Storage: Sendable {
        /// An integer whose text is the one that Swift would print.
        case integer(Int)
        case text(String)
    }

    private let storage: Storage

    package init(_ value: Int) { storage = .integer(value) }

    package init(_ value: UInt64) {
        storage = Int(exactly: value).map(Storage.integer) ?? .text(String(value))
    }

    /// The shortest text that reads back as `value` (2.0 stays "2.0"); nil for infinities and for what is not a number.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        storage = .text(value.description)
    }

    /// Nil when the text is not a JSON number.
    package init?(parsing text: String) {
        guard case .number(let number)? = try? JSONValue(parsing: text), number.text.utf8.count == text.utf8.count
        else { return nil }
        self = number
    }

    /// `text` is a number that the scanner has accepted.
    init(scanned text: UnsafeRawBufferPointer, isInteger: Bool) {
        if isInteger, let value = Self.canonicalInteger(text) {
            storage = .integer(value)
        } else {
            storage = .text(String(decoding: text, as: UTF8.self))
        }
    }

    /// The value, when no text needs to be kept.
    var storedInt: Int? {
        guard case .integer(let value) = storage else { return nil }
        return value
    }

    /// Whether it is written as the same text.
    func isIdentical(to other: JSONNumber) -> Bool {
        switch (storage, other.storage) {
        case (.integer(let own), .integer(let other)): own == other
        case (.text(let own), .text(let other)): own == other
        default: false
        }
    }

    package var text: String {
        switch storage {
        case .integer(let value): String(value)
        case .text(let text): text
        }
    }

    /// Whether it is written without a fraction and an exponent.
    package var isInteger: Bool {
        switch storage {
        case .integer: true
        case .text(let text): text.utf8.allSatisfy { $0 == .minus || $0.isDigit }
        }
    }

    /// The value, when it is written as an integer and fits.
    package var int: Int? {
        switch storage {
        case .integer(let value): value
        case .text(let text): isInteger ? Int(text) : nil
        }
    }

    /// The nearest `Double`; infinite when the number is too great.
    package var double: Double {
        switch storage {
        case .integer(let value): Double(value)
        case .text(let text): Double(text)!
        }
    }

    /// Whether the mathematical value is a whole number, however it is written.
    package var isWhole: Bool {
        switch storage {
        case .integer: true
        case .text: decimal.isWhole
        }
    }

    /// Whether `divisor`, which is above 0, goes into the number without a rest, exactly.
    func isMultiple(of divisor: JSONNumber) -> Bool {
        if let whole = storedInt, let divisor = divisor.storedInt { return whole.isMultiple(of: divisor) }
        return decimal.isMultiple(of: divisor.decimal)
    }

    /// The integer whose text this is; nil when it does not fit, or for -0, which no `Int` prints.
    private static func canonicalInteger(_ text: UnsafeRawBufferPointer) -> Int? {
        let isNegative = text[0] == .minus
        let digits = UnsafeRawBufferPointer(rebasing: text[(isNegative ? 1 : 0)...])
        guard digits.count < 19 else { return Int(String(decoding: text, as: UTF8.self)) }
        let magnitude = digits.reduce(0) { $0 &* 10 &+ Int($1 &- .zero) }
        guard isNegative else { return magnitude }
        return magnitude == 0 ? nil : -magnitude
    }
}

extension JSONNumber: Hashable, Comparable {
    package static func == (left: JSONNumber, right: JSONNumber) -> Bool {
        switch (left.storage, right.storage) {
        case (.integer(let left), .integer(let right)): left == right
        case (.text(let left), .text(let right)) where left == right: true
        default: left.decimal == right.decimal
        }
    }

    package static func < (left: JSONNumber, right: JSONNumber) -> Bool {
        if case .integer(let left) = left.storage, case .integer(let right) = right.storage { return left < right }
        return left.decimal < right.decimal
    }

    package func hash(into hasher: inout Hasher) {
        switch storage {
        case .integer(let value):
            hasher.combine(value)
        case .text:
            let decimal = decimal
            if let value = decimal.int { hasher.combine(value) } else { hasher.combine(decimal) }
        }
    }

    var decimal: Decimal { Decimal(text) }
}

extension JSONNumber: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) { self.init(value) }
}

extension JSONNumber: CustomStringConvertible {
    package var description: String { text }
}
