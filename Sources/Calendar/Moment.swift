/// A moment, to the nanosecond.
package struct Moment: Sendable, Hashable {
    /// Since 1970-01-01T00:00:00Z.
    package var seconds: Int64
    /// Within the second.
    package var nanoseconds: Int32

    package init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    package var dayNumber: Int { Int(seconds.flooredQuotient(by: 86_400)) }

    package var secondOfDay: Int { Int(seconds) - dayNumber * 86_400 }
}

extension Moment: Comparable {
    package static func < (left: Moment, right: Moment) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

extension Moment: CustomStringConvertible {
    /// RFC 3339 in UTC with as many digits of the second as it needs, of 0, 3, 6 and 9; of a year from 0 to 9999.
    package var description: String { text(fractionDigits: nanoseconds.fractionDigits) }

    package func text(fractionDigits: Int) -> String {
        let (date, time) = (CivilDate(dayNumber: dayNumber), secondOfDay)
        return String(unsafeUninitializedCapacity: 32) { buffer in
            var end = 0
            func put(_ value: Int, digits: Int) {
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
            put(date.year, digits: 4)
            put("-")
            put(date.month, digits: 2)
            put("-")
            put(date.day, digits: 2)
            put("T")
            put(time / 3600, digits: 2)
            put(":")
            put(time / 60 % 60, digits: 2)
            put(":")
            put(time % 60, digits: 2)
            if fractionDigits > 0 {
                put(".")
                put(Int(nanoseconds) / [100_000_000, 1_000_000, 1000, 1][fractionDigits / 3], digits: fractionDigits)
            }
            put("Z")
            return end
        }
    }
}

extension BinaryInteger {
    /// How many digits tell these nanoseconds, of 0, 3, 6 and 9, as in protobuf's JSON.
    package var fractionDigits: Int {
        self == 0 ? 0 : self % 1_000_000 == 0 ? 3 : self % 1000 == 0 ? 6 : 9
    }
}
