internal import JSON

/// What an evaluation may still cost. A unit is about the work of one node of the expression, some tens of nanoseconds.
struct Budget {
    static let standard = 1_000_000

    private(set) var remaining = Budget.standard

    mutating func spend(_ cost: Int) throws(Reason) {
        remaining -= cost
        guard remaining >= 0 else { throw .budget }
    }

    /// For bytes that take new room, or take more work than a look.
    mutating func spend(copying count: Int) throws(Reason) { try spend(count >> 4) }

    /// For a look at a value that can be long without having parts.
    mutating func spend(reading value: Value) throws(Reason) {
        switch value {
        case .string(let text): try spend(text.utf8.count >> 6)
        case .bytes(let bytes): try spend(bytes.count >> 6)
        // To know even the type of a number from JSON can take a look at every digit.
        case .number(let number) where number.int == nil: try spend(number.text.utf8.count >> 2)
        default: break
        }
    }

    /// For a key, which is hashed: outside of ASCII that is slow.
    mutating func spend(hashing key: Value) throws(Reason) {
        guard case .string(let text) = key else { return }
        try spend(text.utf8.count >> 2)
    }
}
