extension Moment {
    /// Reads an RFC 3339 date and time with `Z` or an offset; nil for anything else. What is finer than a nanosecond is
    /// cut off.
    package init?(parsing text: String) {
        let bytes = Array(text.utf8)
        guard let year = bytes.number(0..<4), bytes.has("-", at: 4), let month = bytes.number(5..<7),
            bytes.has("-", at: 7), let day = bytes.number(8..<10), bytes.hasLetter("T", at: 10),
            let hour = bytes.number(11..<13), bytes.has(":", at: 13), let minute = bytes.number(14..<16),
            bytes.has(":", at: 16), let second = bytes.number(17..<19),
            (1...12).contains(month), day >= 1, day <= CivilDate.days(inMonth: month, of: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var place = 19
        guard let nanoseconds = bytes.fraction(at: &place), let offset = bytes.offset(at: place) else { return nil }
        let days = CivilDate(year: year, month: month, day: day).dayNumber
        let time = hour * 3600 + minute * 60 + second
        self.init(seconds: Int64(days * 86_400 + time - offset), nanoseconds: Int32(nanoseconds))
    }
}

extension Moment {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Reads a date as HTTP writes it today, `Sun, 06 Nov 1994 08:49:37 GMT`; nil for anything else.
    package init?(httpDate text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 29, bytes[26...].elementsEqual("GMT".utf8), let day = bytes.number(5..<7),
            let month = Self.months.firstIndex(of: String(decoding: bytes[8..<11], as: UTF8.self)),
            let year = bytes.number(12..<16), let hour = bytes.number(17..<19), let minute = bytes.number(20..<22),
            let second = bytes.number(23..<25), day >= 1, day <= CivilDate.days(inMonth: month + 1, of: year),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = CivilDate(year: year, month: month + 1, day: day).dayNumber
        self.init(seconds: Int64(days * 86_400 + hour * 3600 + minute * 60 + second))
    }
}

extension [UInt8] {
    fileprivate func number(_ range: Range<Int>) -> Int? {
        guard range.upperBound <= count else { return nil }
        var value = 0
        for byte in self[range] {
            guard byte >= 48, byte <= 57 else { return nil }
            value = value * 10 + Int(byte - 48)
        }
        return value
    }

    fileprivate func has(_ mark: Unicode.Scalar, at place: Int) -> Bool {
        place < count && self[place] == UInt8(mark.value)
    }

    fileprivate func hasLetter(_ letter: Unicode.Scalar, at place: Int) -> Bool {
        place < count && self[place] & 0xDF == UInt8(letter.value)
    }

    /// The nanoseconds after a point, if there is one.
    fileprivate func fraction(at place: inout Int) -> Int? {
        guard has(".", at: place) else { return 0 }
        var (fraction, weight) = (0, 100_000_000)
        place += 1
        let start = place
        while place < count, self[place] >= 48, self[place] <= 57 {
            fraction += weight * Int(self[place] - 48)
            weight /= 10
            place += 1
        }
        return place > start ? fraction : nil
    }

    /// The seconds east of UTC that the rest of the text tells.
    fileprivate func offset(at place: Int) -> Int? {
        if hasLetter("Z", at: place), place + 1 == count { return 0 }
        guard place + 6 == count, has(":", at: place + 3), has("+", at: place) || has("-", at: place),
            let hours = number(place + 1..<place + 3), let minutes = number(place + 4..<place + 6),
            hours < 24, minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (has("-", at: place) ? -1 : 1)
    }
}
