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
        let day = Self.floorDivide(milliseconds, by: 86_400_000)
        let time = milliseconds - day * 86_400_000
        let (year, month, dayOfMonth) = Self.civil(fromDay: day)
        return String(unsafeUninitializedCapacity: 32) { buffer in
            var end = 0
            func put(_ value: Int64, digits: Int) {
                var rest = value
                for place in stride(from: end + digits - 1, through: end, by: -1) {
                    buffer[place] = UInt8(48 + rest % 10)
                    rest /= 10
                }
                end += digits
            }
            func put(_ mark: Unicode.Scalar) {
                buffer[end] = UInt8(mark.value)
                end += 1
            }
            put(year, digits: 4)
            put("-")
            put(month, digits: 2)
            put("-")
            put(dayOfMonth, digits: 2)
            put("T")
            put(time / 3_600_000, digits: 2)
            put(":")
            put(time / 60_000 % 60, digits: 2)
            put(":")
            put(time / 1000 % 60, digits: 2)
            put(".")
            put(time % 1000, digits: 3)
            put("Z")
            return end
        }
    }

    /// Reads an RFC 3339 date and time with `Z` or an offset; nil for anything else.
    package init?(parsing text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count else { return nil }
            var value: Int64 = 0
            for byte in bytes[range] {
                guard byte >= 48, byte <= 57 else { return nil }
                value = value * 10 + Int64(byte - 48)
            }
            return value
        }
        func has(_ mark: Unicode.Scalar, at place: Int) -> Bool {
            place < bytes.count && bytes[place] == UInt8(mark.value)
        }
        func hasLetter(_ letter: Unicode.Scalar, at place: Int) -> Bool {
            place < bytes.count && bytes[place] & 0xDF == UInt8(letter.value)
        }
        guard let year = number(0..<4), has("-", at: 4), let month = number(5..<7), has("-", at: 7),
            let day = number(8..<10), hasLetter("T", at: 10), let hour = number(11..<13), has(":", at: 13),
            let minute = number(14..<16), has(":", at: 16), let second = number(17..<19),
            (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, of: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var place = 19
        var fraction: Int64 = 0
        if has(".", at: place) {
            var weight: Int64 = 100
            place += 1
            let start = place
            while place < bytes.count, bytes[place] >= 48, bytes[place] <= 57 {
                fraction += weight * Int64(bytes[place] - 48)
                weight /= 10
                place += 1
            }
            guard place > start else { return nil }
        }
        var offset: Int64 = 0
        if hasLetter("Z", at: place), place + 1 == bytes.count {
            offset = 0
        } else {
            guard place + 6 == bytes.count, has(":", at: place + 3), bytes[place] == 43 || bytes[place] == 45,
                let hours = number(place + 1..<place + 3), let minutes = number(place + 4..<place + 6),
                hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (bytes[place] == 45 ? -1 : 1)
        }
        let days = Self.day(fromCivil: year, month, day)
        let seconds = days * 86_400 + hour * 3600 + (minute - offset) * 60 + second
        // An offset may lead out of the years that can be written.
        self = Timestamp(milliseconds: seconds * 1000 + fraction).writable
    }

    private static func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }

    private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The proleptic Gregorian calendar counted from March, so that a leap day ends its year.
    private static func civil(fromDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = floorDivide(shifted, by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * fromMarch + 2) / 5 + 1)
    }

    private static func day(fromCivil year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let fromMarch = month > 2 ? year : year - 1
        let era = floorDivide(fromMarch, by: 400)
        let yearOfEra = fromMarch - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
