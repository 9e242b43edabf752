/// What a clock on a wall somewhere is ahead of UTC.
package struct TimeZone: Sendable {
    /// The moments at which the offset changed, in seconds since 1970, and to what.
    private var changes: [(seconds: Int64, offset: Int)] = []
    /// Before the first of them.
    private var firstOffset = 0
    /// From the last of them on, where a rule and not an offset goes on.
    private var rule: ZoneRule?

    package init(offset: Int) { firstOffset = offset }

    init(changes: [(seconds: Int64, offset: Int)], firstOffset: Int, rule: ZoneRule?) {
        self.changes = changes
        self.firstOffset = firstOffset
        self.rule = rule
    }

    /// The seconds east of UTC.
    package func offset(at moment: Moment) -> Int {
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].seconds <= moment.seconds { low = middle + 1 } else { high = middle }
        }
        if low == changes.count, let rule { return rule.offset(at: moment.seconds) }
        return low == 0 ? firstOffset : changes[low - 1].offset
    }

    /// What a clock there shows, as if it were UTC.
    package func local(_ moment: Moment) -> Moment {
        Moment(seconds: moment.seconds + Int64(offset(at: moment)), nanoseconds: moment.nanoseconds)
    }
}

extension TimeZone {
    /// `UTC`, an offset such as `+01:00`, `-09:30` or `02:00`, or the name of a zone that the system knows, such as
    /// `Europe/Berlin`; nil for anything else.
    package init?(named name: String) {
        if name == "UTC" {
            self.init(offset: 0)
        } else if let offset = Self.offset(parsing: name) {
            self.init(offset: offset)
        } else if let known = ZoneDatabase.zone(named: name) {
            self = known
        } else {
            return nil
        }
    }

    private static func offset(parsing text: String) -> Int? {
        var digits = text.utf8[...]
        let sign = digits.first
        if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { digits.removeFirst() }
        let parts = digits.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.allSatisfy { 48...57 ~= $0 } }),
            let hours = Int(String(decoding: parts[0], as: UTF8.self)), hours < 24,
            let minutes = Int(String(decoding: parts[1], as: UTF8.self)), minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }
}
