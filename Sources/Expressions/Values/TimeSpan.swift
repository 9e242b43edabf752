internal import Calendar

/// A duration of CEL: 64 bits of nanoseconds, which are some 292 years.
struct TimeSpan: Hashable, Sendable {
    private(set) var nanoseconds: Int64

    private init(_ nanoseconds: (partialValue: Int64, overflow: Bool)) throws(Reason) {
        if nanoseconds.overflow { throw .overflow(.duration) }
        self.nanoseconds = nanoseconds.partialValue
    }

    init(from start: Moment, to end: Moment) throws(Reason) {
        // Neither can overflow: timestamps lie between the years 1 and 9999.
        let seconds = end.seconds - start.seconds
        let rest = Int64(end.nanoseconds - start.nanoseconds)
        let product = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if product.overflow { throw .overflow(.duration) }
        try self.init(product.partialValue.addingReportingOverflow(rest))
    }

    func adding(_ other: TimeSpan) throws(Reason) -> TimeSpan {
        try TimeSpan(nanoseconds.addingReportingOverflow(other.nanoseconds))
    }

    func subtracting(_ other: TimeSpan) throws(Reason) -> TimeSpan {
        try TimeSpan(nanoseconds.subtractingReportingOverflow(other.nanoseconds))
    }

    func negated() throws(Reason) -> TimeSpan { try TimeSpan(Int64(0).subtractingReportingOverflow(nanoseconds)) }
}

extension TimeSpan: Comparable {
    static func < (left: TimeSpan, right: TimeSpan) -> Bool { left.nanoseconds < right.nanoseconds }
}

extension TimeSpan: CustomStringConvertible {
    /// Seconds with as many digits as they need, of 0, 3, 6 and 9: `-90.500s`.
    var description: String {
        let (seconds, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = String(1_000_000_000 + rest).dropFirst().prefix(rest.fractionDigits)
        return (nanoseconds < 0 ? "-" : "") + String(seconds) + (digits.isEmpty ? "" : "." + digits) + "s"
    }
}

extension TimeSpan {
    private static let units: [(name: String, nanoseconds: UInt64)] = [
        ("h", 3_600_000_000_000), ("ms", 1_000_000), ("m", 60_000_000_000), ("us", 1000), ("µs", 1000), ("μs", 1000),
        ("ns", 1), ("s", 1_000_000_000),
    ]

    /// Reads `1h30m`, `-1.5s`, `0` and such; nil for anything else. What is finer than a nanosecond is cut off.
    init?(parsing text: String) throws(Reason) {
        var rest = Array(text.utf8)[...]
        let isNegative = rest.first == .minus
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        var sum: UInt64 = 0
        guard !rest.isEmpty else { return nil }
        if rest.elementsEqual("0".utf8) { rest.removeAll() }
        while !rest.isEmpty {
            guard let part = try Self.part(&rest) else { return nil }
            guard part <= Int64.min.magnitude - sum else { throw .overflow(.duration) }
            sum += part
        }
        guard isNegative || sum < Int64.min.magnitude else { throw .overflow(.duration) }
        nanoseconds = Int64(truncatingIfNeeded: isNegative ? 0 &- sum : sum)
    }

    /// Takes a number and its unit.
    private static func part(_ rest: inout ArraySlice<UInt8>) throws(Reason) -> UInt64? {
        let whole = rest.prefix(while: \.isDigit)
        rest = rest[whole.endIndex...]
        var fraction = rest.prefix(0)
        if rest.first == .dot {
            rest.removeFirst()
            fraction = rest.prefix(while: \.isDigit)
            rest = rest[fraction.endIndex...]
        }
        guard !whole.isEmpty || !fraction.isEmpty,
            let unit = units.first(where: { rest.starts(with: $0.name.utf8) })
        else { return nil }
        rest.removeFirst(unit.name.utf8.count)
        // An hour has fewer digits of nanoseconds than are looked at.
        var (numerator, denominator): (UInt64, UInt64) = (0, 1)
        for digit in fraction.prefix(15) {
            numerator = numerator * 10 + UInt64(digit & 0x0F)
            denominator *= 10
        }
        let below = denominator.dividingFullWidth(numerator.multipliedFullWidth(by: unit.nanoseconds)).quotient
        guard let count = whole.isEmpty ? 0 : UInt64(String(decoding: whole, as: UTF8.self)) else {
            throw .overflow(.duration)
        }
        let (above, overflowed) = count.multipliedReportingOverflow(by: unit.nanoseconds)
        guard !overflowed, above <= Int64.min.magnitude - below else { throw .overflow(.duration) }
        return above + below
    }
}

extension Moment {
    func advanced(by span: TimeSpan) throws(Reason) -> Moment {
        let (whole, rest) = span.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let sum = Int64(nanoseconds) + rest
        let carry = sum.flooredQuotient(by: 1_000_000_000)
        let nanoseconds = Int32(sum - carry * 1_000_000_000)
        return try Moment(seconds: seconds + whole + carry, nanoseconds: nanoseconds).inRange()
    }

    /// A timestamp of CEL, which lies between the years 1 and 9999.
    func inRange() throws(Reason) -> Moment {
        guard -62_135_596_800...253_402_300_799 ~= seconds else { throw .overflow(.timestamp) }
        return self
    }
}
