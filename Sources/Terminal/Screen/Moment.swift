/// A time on the wire (RFC 3339, UTC), as milliseconds since 1970.
package struct Moment: Sendable, Hashable {
    package var milliseconds: Int

    /// Nil for what does not look like `2026-11-21T02:15:33.120Z`.
    package init?(_ text: String?) {
        guard let text, text.last == "Z" else { return nil }
        let fields = text.dropLast().split(whereSeparator: { "-T:.".contains($0) })
        let numbers = fields.compactMap { Int($0) }
        guard numbers.count == fields.count, (6...7).contains(numbers.count) else { return nil }
        let days = Self.days(year: numbers[0], month: numbers[1], day: numbers[2])
        let seconds = ((days * 24 + numbers[3]) * 60 + numbers[4]) * 60 + numbers[5]
        milliseconds = seconds * 1000 + (numbers.count == 7 ? numbers[6] : 0)
    }

    package init(milliseconds: Int) { self.milliseconds = milliseconds }

    package func duration(to end: Moment) -> Duration { .milliseconds(max(0, end.milliseconds - milliseconds)) }

    /// Days since 1970 in the Gregorian calendar. Years begin in March here, so that a leap day ends one.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}

extension Duration {
    /// As people say it: "12 ms", "1.2 s", "3 min 4 s", "2 h 5 min", "3 d 4 h".
    package var spoken: String {
        let milliseconds = Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let tenths = (milliseconds + 50) / 100
        if tenths < 600 { return "\(tenths / 10).\(tenths % 10) s" }
        let seconds = (milliseconds + 500) / 1000
        switch seconds {
        case ..<3600: return Self.pair(seconds / 60, "min", seconds % 60, "s")
        case ..<86_400: return Self.pair(seconds / 3600, "h", seconds % 3600 / 60, "min")
        default: return Self.pair(seconds / 86_400, "d", seconds % 86_400 / 3600, "h")
        }
    }

    private static func pair(_ great: Int, _ unit: String, _ small: Int, _ smallUnit: String) -> String {
        small == 0 ? "\(great) \(unit)" : "\(great) \(unit) \(small) \(smallUnit)"
    }
}
