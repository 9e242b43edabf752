/// A zone's rule for all the years to come, as POSIX writes it in `TZ`: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Sendable {
    private var standardOffset: Int
    private var summer: Summer?

    private struct Summer {
        var offset: Int
        var start: Change
        var end: Change
    }

    /// When a year's clocks change.
    private struct Change {
        enum Day {
            /// The weekday's so manieth in the month, the fifth being the last.
            case weekday(month: Int, week: Int, day: Int)
            /// From 1, and 29 February is never counted.
            case commonYear(Int)
            /// From 0.
            case year(Int)
        }

        var day: Day
        /// Seconds after the midnight of that day, by the clock that is about to change.
        var time: Int

        func seconds(in year: Int) -> Int {
            let start = CivilDate(year: year, month: 1, day: 1).dayNumber
            let dayNumber =
                switch day {
                case .year(let day): start + day
                case .commonYear(let day): start + day - (day >= 60 && CivilDate.isLeap(year) ? 0 : 1)
                case .weekday(let month, let week, let day): Self.dayNumber(year, month, week, day)
                }
            return dayNumber * 86_400 + time
        }

        private static func dayNumber(_ year: Int, _ month: Int, _ week: Int, _ weekday: Int) -> Int {
            let first = CivilDate(year: year, month: month, day: 1)
            let day = 1 + (weekday - first.dayOfWeek + 7) % 7 + (week - 1) * 7
            return first.dayNumber + (day <= CivilDate.days(inMonth: month, of: year) ? day - 1 : day - 8)
        }
    }

    /// The seconds east of UTC.
    func offset(at seconds: Int64) -> Int {
        guard let summer else { return standardOffset }
        let local = Moment(seconds: seconds + Int64(standardOffset))
        let year = CivilDate(dayNumber: local.dayNumber).year
        let start = Int64(summer.start.seconds(in: year) - standardOffset)
        let end = Int64(summer.end.seconds(in: year) - summer.offset)
        // South of the equator the summer begins in one year and ends in the next.
        let isSummer = start < end ? start..<end ~= seconds : !(end..<start ~= seconds)
        return isSummer ? summer.offset : standardOffset
    }
}

extension ZoneRule {
    init?(parsing text: ArraySlice<UInt8>) {
        var reader = RuleReader(rest: text)
        guard reader.skipName(), let west = reader.time() else { return nil }
        standardOffset = -west
        guard !reader.rest.isEmpty else { return }
        guard reader.skipName() else { return nil }
        let summerWest = reader.rest.first == UInt8(ascii: ",") ? west - 3600 : reader.time()
        guard let summerWest, let start = Self.change(&reader), let end = Self.change(&reader), reader.rest.isEmpty
        else { return nil }
        summer = Summer(offset: -summerWest, start: start, end: end)
    }

    private static func change(_ reader: inout RuleReader) -> Change? {
        guard reader.take(","), let day = day(&reader) else { return nil }
        guard reader.take("/") else { return Change(day: day, time: 7200) }
        return reader.time().map { Change(day: day, time: $0) }
    }

    private static func day(_ reader: inout RuleReader) -> Change.Day? {
        if reader.take("M") {
            guard let month = reader.number(in: 1...12), reader.take("."), let week = reader.number(in: 1...5),
                reader.take("."), let day = reader.number(in: 0...6)
            else { return nil }
            return .weekday(month: month, week: week, day: day)
        }
        if reader.take("J") { return reader.number(in: 1...365).map { .commonYear($0) } }
        return reader.number(in: 0...365).map { .year($0) }
    }
}

private struct RuleReader {
    var rest: ArraySlice<UInt8>

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(mark.value) else { return false }
        rest.removeFirst()
        return true
    }

    /// A name of letters, or of anything between `<` and `>`.
    mutating func skipName() -> Bool {
        if take("<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            rest = rest[(end + 1)...]
            return true
        }
        let start = rest.startIndex
        rest = rest.drop { ($0 | 0x20) &- 0x61 < 26 }
        return rest.startIndex > start
    }

    /// `[+-]hours[:minutes[:seconds]]` in seconds.
    mutating func time() -> Int? {
        let sign = take("-") ? -1 : 1
        if sign == 1 { _ = take("+") }
        guard let hours = number(in: 0...167) else { return nil }
        var seconds = hours * 3600
        for unit in [60, 1] where take(":") {
            guard let count = number(in: 0...59) else { return nil }
            seconds += count * unit
        }
        return sign * seconds
    }

    mutating func number(in range: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix { $0 &- 0x30 < 10 }
        guard let value = Int(String(decoding: digits, as: UTF8.self)), range ~= value else { return nil }
        rest = rest[digits.endIndex...]
        return value
    }
}
