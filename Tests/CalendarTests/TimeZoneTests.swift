import Testing

@testable import Calendar

@Test(
    "A zone is ahead of UTC by an offset",
    arguments: [
        ("UTC", 0), ("+05:30", 19_800), ("-09:30", -34_200), ("02:00", 7200), ("-00:00", 0), ("+23:59", 86_340),
    ])
func fixedOffsets(_ name: String, _ offset: Int) throws {
    #expect(try #require(TimeZone(named: name)).offset(at: Moment(seconds: 0)) == offset)
}

@Test(
    "A zone with a name is ahead of UTC by what the system's database says of the moment",
    .enabled(if: TimeZone(named: "Europe/Berlin") != nil, "This system has no database of time zones."),
    arguments: [
        ("Europe/Berlin", "2024-03-31T00:59:59Z", 3600),
        ("Europe/Berlin", "2024-03-31T01:00:00Z", 7200), ("Europe/Berlin", "2024-10-27T00:59:59Z", 7200),
        ("Europe/Berlin", "2024-10-27T01:00:00Z", 3600), ("Europe/Berlin", "9998-07-01T00:00:00Z", 7200),
        ("Europe/Berlin", "1800-01-01T00:00:00Z", 3208), ("America/New_York", "2050-01-01T00:00:00Z", -18_000),
        ("America/New_York", "2050-07-01T00:00:00Z", -14_400), ("Australia/Sydney", "2060-01-01T00:00:00Z", 39_600),
        ("Australia/Sydney", "2060-07-01T00:00:00Z", 36_000), ("Asia/Kathmandu", "2024-01-01T00:00:00Z", 20_700),
    ])
func offsets(_ name: String, _ moment: String, _ offset: Int) throws {
    let moment = try #require(Moment(parsing: moment))
    #expect(try #require(TimeZone(named: name)).offset(at: moment) == offset)
}

@Test(
    "What names no zone is refused, and no path leads out of the database",
    arguments: [
        "", "Nowhere/Land", "Europe", "../../../etc/passwd", "/etc/passwd", "Europe/../UTC", "Europe//Berlin", "./UTC",
        "tzdata.zi", "zone.tab", "24:00", "1:00", "+01", "+01:60", "++1:00", "01:00:00", "é", "a\0b",
    ])
func noZone(_ name: String) {
    #expect(TimeZone(named: name) == nil)
}

@Test(
    "A rule of POSIX tells the offset of every year to come",
    arguments: [
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2024-03-31T00:59:59Z", 3600),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2024-03-31T01:00:00Z", 7200),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2024-10-27T01:00:00Z", 3600),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2024-03-31T00:59:59Z", -7200),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2024-03-31T01:00:00Z", -3600),
        ("<+0545>-5:45", "2024-01-01T00:00:00Z", 20_700),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-12-31T23:59:59Z", 39_600),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-04-06T16:00:00Z", 36_000),
        ("A0B,J60/0,J305/0", "2024-02-29T23:59:59Z", 0), ("A0B,J60/0,J305/0", "2024-03-01T00:00:00Z", 3600),
        ("A0B,59/0,300/0", "2024-02-29T00:00:00Z", 3600), ("A0B-2,59/0,300/0", "2023-06-01T00:00:00Z", 7200),
    ])
func rules(_ text: String, _ moment: String, _ offset: Int) throws {
    let moment = try #require(Moment(parsing: moment))
    #expect(try #require(ZoneRule(parsing: Array(text.utf8)[...])).offset(at: moment.seconds) == offset)
}

@Test(
    "What is no rule is refused",
    arguments: [
        "", "CET", "-1", "CET-1CEST", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M3.5.0", "<CET-1", "CET-1:99", "CET-999",
    ])
func noRule(_ text: String) {
    #expect(ZoneRule(parsing: Array(text.utf8)[...]) == nil)
}

@Test("A file that is cut short or changed anywhere is refused or read, and nothing crashes")
func damagedFiles() {
    var file: [UInt8] = Array("TZif2".utf8) + Array(repeating: 0, count: 15)
    let counts: [UInt8] = [0, 0, 0, 1, 2, 8]
    for count in counts { file += [0, 0, 0, count] }
    file += [0, 0, 0, 0, 1] + [0, 0, 0, 0, 0, 0] + [0, 0, 14, 16, 0, 4] + Array("UTC\0CET\0".utf8)
    file += file.prefix(44) + [0, 0, 0, 0, 0, 0, 0, 0, 1] + file.suffix(20) + Array("\nCET-1\n".utf8)
    #expect(TimeZone(file: file)?.offset(at: Moment(seconds: -1)) == 0)
    #expect(TimeZone(file: file)?.offset(at: Moment(seconds: 0)) == 3600)
    for end in 0..<file.count - 7 { #expect(TimeZone(file: Array(file.prefix(end))) == nil) }
    for place in file.indices {
        for byte: UInt8 in [0, 1, 127, 255] {
            var damaged = file
            damaged[place] = byte
            _ = TimeZone(file: damaged)?.offset(at: Moment(seconds: 1_000_000_000))
        }
    }
}
