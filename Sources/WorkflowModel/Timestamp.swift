internal import Calendar

/// A moment: milliseconds since 1970-01-01T00:00:00Z. On the wire an RFC 3339 string in UTC with milliseconds.
package struct Timestamp: Sendable, Hashable, Comparable {
    package var milliseconds: Int64

    /// The bounds of what RFC 3339 can write: the first moment of the year 0, the last of the year 9999.
    package static let earliest = Timestamp(milliseconds: -62_167_219_200_000)
    package static let latest = Timestamp(milliseconds: 253_402_300_799_999)

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// Saturates at the bounds of what can be written, so that a deadline a hostile document asks for is merely far
    /// away, and the same when it is read back.
    package static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        let (sum, overflow) = moment.milliseconds.addingReportingOverflow(duration.milliseconds)
        return Timestamp(milliseconds: overflow ? (duration < .zero ? .min : .max) : sum).writable
    }

    package static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .milliseconds(later.milliseconds) - .milliseconds(earlier.milliseconds)
    }

    /// The nearest moment that can be written.
    private var writable: Timestamp { min(max(self, .earliest), .latest) }
}

extension Duration {
    /// Whole milliseconds, rounded down; saturates at the bounds of Int64.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, isBeyond) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return overflow || isBeyond ? (seconds < 0 ? .min : .max) : sum
    }
}

extension Timestamp: CustomStringConvertible {
    /// `2026-01-31T09:30:00.125Z`. A moment that cannot be written is the nearest that can.
    package var description: String {
        let milliseconds = writable.milliseconds
        let seconds = milliseconds.flooredQuotient(by: 1000)
        let moment = Moment(seconds: seconds, nanoseconds: Int32(milliseconds - seconds * 1000) * 1_000_000)
        return moment.text(fractionDigits: 3)
    }

    /// Reads an RFC 3339 date and time with `Z` or an offset; nil for anything else. An offset that leads beyond what can
    /// be written gives the nearest moment that can.
    package init?(parsing text: String) {
        guard let moment = Moment(parsing: text) else { return nil }
        let milliseconds = moment.seconds * 1000 + Int64(moment.nanoseconds / 1_000_000)
        self = Timestamp(milliseconds: milliseconds).writable
    }
}
