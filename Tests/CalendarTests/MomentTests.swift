import Calendar
import Testing

@Test(
    "A moment is read from RFC 3339 and written in UTC with the digits it needs",
    arguments: [
        ("1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z"),
        ("2009-02-13T23:31:30.5Z", 1_234_567_890, 500_000_000, "2009-02-13T23:31:30.500Z"),
        ("2023-08-26T12:39:00-07:00", 1_693_078_740, 0, "2023-08-26T19:39:00Z"),
        ("1969-12-31t23:59:59.000001z", -1, 1000, "1969-12-31T23:59:59.000001Z"),
        ("2020-02-29T00:00:00.1234567899+00:30", 1_582_932_600, 123_456_789, "2020-02-28T23:30:00.123456789Z"),
        ("0000-01-01T00:00:00Z", -62_167_219_200, 0, "0000-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999, "9999-12-31T23:59:59.999999999Z"),
    ])
func moments(_ text: String, _ seconds: Int64, _ nanoseconds: Int32, _ written: String) throws {
    let moment = try #require(Moment(parsing: text))
    #expect(moment == Moment(seconds: seconds, nanoseconds: nanoseconds))
    #expect(moment.description == written)
}

@Test(
    "What is no moment is refused",
    arguments: [
        "", "2009-02-13", "2009-02-13T23:31:30", "2009-02-29T00:00:00Z", "2009-13-01T00:00:00Z", "2009-00-01T00:00:00Z",
        "2009-01-00T00:00:00Z", "2009-01-01T24:00:00Z", "2009-01-01T00:60:00Z", "2009-01-01T00:00:60Z",
        "2009-01-01T00:00:00.Z", "2009-01-01T00:00:00+1:00", "2009-01-01T00:00:00+24:00", "2009-01-01T00:00:00Zx",
        "2009-01-01 00:00:00Z", "10000-01-01T00:00:00Z", "-001-01-01T00:00:00Z", "2009-01-01T00:00:00+00:00Z", "é",
    ])
func noMoment(_ text: String) {
    #expect(Moment(parsing: text) == nil)
}

@Test("Moments are ordered by their nanoseconds too")
func order() {
    #expect(Moment(seconds: 1, nanoseconds: 2) < Moment(seconds: 1, nanoseconds: 3))
    #expect(Moment(seconds: -1, nanoseconds: 9) < Moment(seconds: 0))
}
