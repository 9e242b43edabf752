import Testing
import WorkflowModel

@Suite("Moments")
struct TimestampTests {
    @Test(
        "A moment is printed and read back",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (951_868_799_999, "2000-02-29T23:59:59.999Z"),
            (1_709_164_800_000, "2024-02-29T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
            (-2_203_891_200_001, "1900-02-28T23:59:59.999Z"), (-11_670_998_400_000, "1600-02-29T00:00:00.000Z"),
            (1_769_851_800_125, "2026-01-31T09:30:00.125Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"), (-62_162_121_600_000, "0000-02-29T00:00:00.000Z"),
        ] as [(Int64, String)])
    func table(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        #expect(Timestamp(parsing: text)?.milliseconds == milliseconds)
    }

    @Test("Every day of eight hundred years is followed by the next")
    func calendar() {
        let lengths: [Int64] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var days: Int64 = -135_140  // 1600-01-01
        for year in Int64(1600)..<2400 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for month in 1...12 {
                for day in 1...lengths[month - 1] + (isLeap && month == 2 ? 1 : 0) {
                    let text = "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)T00:00:00.000Z"
                    guard Timestamp(milliseconds: days * 86_400_000).description == text,
                        Timestamp(parsing: text)?.milliseconds == days * 86_400_000
                    else {
                        Issue.record("Day \(days) is not \(text).")
                        return
                    }
                    days += 1
                }
            }
        }
    }

    @Test(
        "What RFC 3339 allows is read",
        arguments: [
            ("2026-01-31T09:30:00Z", "2026-01-31T09:30:00.000Z"), ("2026-01-31t09:30:00z", "2026-01-31T09:30:00.000Z"),
            ("2026-01-31T09:30:00.1Z", "2026-01-31T09:30:00.100Z"),
            ("2026-01-31T09:30:00.123456789Z", "2026-01-31T09:30:00.123Z"),
            ("2026-01-31T09:30:00+02:00", "2026-01-31T07:30:00.000Z"),
            ("2026-12-31T23:30:00.5-01:30", "2027-01-01T01:00:00.500Z"),
            ("2026-01-31T09:30:00-00:00", "2026-01-31T09:30:00.000Z"),
        ])
    func reading(text: String, moment: String) {
        #expect(Timestamp(parsing: text)?.description == moment)
    }

    @Test(
        "Anything else is not a moment",
        arguments: [
            "", "2026", "2026-01-31", "2026-01-31T09:30:00", "2026-01-31 09:30:00Z", "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z",
            "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
            "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+0200", "2026-01-01T00:00:00+24:00",
            "2026-01-01T00:00:00+02:60",
            "2026-01-01T00:00:00Z ", " 2026-01-01T00:00:00Z", "2026-01-01T00:00:00ZZ", "+026-01-01T00:00:00Z",
            "2026\r01\r01T00\u{1A}00\u{1A}00Z", "2026-01-01T00:00:00\u{E}5Z", "２０２６-01-01T00:00:00Z",
        ])
    func notAMoment(text: String) {
        #expect(Timestamp(parsing: text) == nil)
    }

    @Test("A moment beyond the calendar of RFC 3339 is its last one, and reads back as itself")
    func beyond() throws {
        let now = Timestamp(milliseconds: 1_769_851_800_125)
        // 10000-02-29 would be printed as the 29th of February of a year that has none.
        let leapDay = Duration.milliseconds(253_407_398_400_000 - now.milliseconds)
        for duration in [.milliseconds(Int64.max), .seconds(Int64.max), leapDay] as [Duration] {
            let far = now + duration
            #expect(far.description == "9999-12-31T23:59:59.999Z")
            #expect(Timestamp(parsing: far.description) == far)
        }
        #expect(Timestamp(milliseconds: .max).description == "9999-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: .min).description == "0000-01-01T00:00:00.000Z")
    }

    @Test("Moments are compared and told apart by milliseconds")
    func arithmetic() {
        let (early, late) = (Timestamp(milliseconds: -5), Timestamp(milliseconds: 7))
        #expect(early < late)
        #expect(late - early == .milliseconds(12))
        #expect(early + .milliseconds(12) == late)
    }

    @Test("A duration has whole milliseconds, and those of an endless one are the most there are")
    func durations() {
        #expect(Duration.microseconds(1999).milliseconds == 1)
        #expect(Duration.seconds(2).milliseconds == 2000)
        #expect(Duration.seconds(Int64.max).milliseconds == .max)
        #expect(Duration.seconds(Int64.min).milliseconds == .min)
        #expect(Duration.milliseconds(Int64.max).milliseconds == .max)
    }

    @Test("What is beyond every bound saturates")
    func saturation() {
        let (first, last) = (Timestamp(milliseconds: .min), Timestamp(milliseconds: .max))
        #expect((last - first).milliseconds == .max)
        #expect((first - last).milliseconds == .min)
        #expect(first + .milliseconds(Int64.min) == .earliest)
        #expect(last + .milliseconds(Int64.max) == .latest)
        #expect((Duration.milliseconds(Int64.max) + .milliseconds(900)).milliseconds == .max)
        #expect(Timestamp(parsing: "9999-12-31T23:59:59.999-23:59") == .latest)
        #expect(Timestamp(parsing: "0000-01-01T00:00:00.000+23:59") == .earliest)
    }
}
