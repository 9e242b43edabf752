internal import Calendar

extension Function {
    /// A part of a timestamp, in UTC or in a zone, or of a duration.
    func part(of value: Value, _ zone: Value?, _ budget: inout Budget) throws(Reason) -> Int {
        switch (value, zone) {
        case (.timestamp(let moment), nil):
            return part(of: moment)
        case (.timestamp(let moment), .string(let name)?):
            // The zone may have to be read from a file.
            try budget.spend(TimeZone.costOfLookup)
            guard let zone = TimeZone(named: name) else { throw .noTimeZone(name) }
            return part(of: zone.local(moment))
        case (.duration(let span), nil):
            guard let part = part(of: span) else { throw .noOverload(rawValue, [value.type]) }
            return part
        default:
            throw .noOverload(rawValue, [value.type] + (zone.map { [$0.type] } ?? []))
        }
    }

    private func part(of moment: Moment) -> Int {
        let (date, time) = (CivilDate(dayNumber: moment.dayNumber), moment.secondOfDay)
        switch self {
        case .getFullYear: return date.year
        case .getMonth: return date.month - 1
        case .getDayOfYear: return date.dayOfYear - 1
        case .getDayOfMonth: return date.day - 1
        case .getDate: return date.day
        case .getDayOfWeek: return date.dayOfWeek
        case .getHours: return time / 3600
        case .getMinutes: return time / 60 % 60
        case .getSeconds: return time % 60
        default: return Int(moment.nanoseconds) / 1_000_000
        }
    }

    /// The whole duration in a unit, but the milliseconds are those within its second.
    private func part(of span: TimeSpan) -> Int? {
        switch self {
        case .getHours: Int(span.nanoseconds / 3_600_000_000_000)
        case .getMinutes: Int(span.nanoseconds / 60_000_000_000)
        case .getSeconds: Int(span.nanoseconds / 1_000_000_000)
        case .getMilliseconds: Int(span.nanoseconds / 1_000_000 % 1000)
        default: nil
        }
    }
}

extension TimeZone {
    /// In units of the budget: names that are unknown are looked for in the file system each time.
    fileprivate static var costOfLookup: Int { 200 }
}
