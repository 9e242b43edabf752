/// What an evaluation may still cost. A unit is about the work of one node of the expression, some tens of nanoseconds.
struct Budget {
    static let standard = 1_000_000

    private(set) var remaining = Budget.standard

    mutating func spend(_ cost: Int) throws(Reason) {
        remaining -= cost
        guard remaining >= 0 else { throw .budget }
    }

    /// For bytes that are only looked at.
    mutating func spend(reading count: Int) throws(Reason) { try spend(count >> 6) }

    /// For bytes that take new room.
    mutating func spend(copying count: Int) throws(Reason) { try spend(count >> 4) }
}
