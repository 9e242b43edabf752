import Testing

@testable import Terminal

@Suite struct ScreenTests {
    @Test(
        "A duration is told as people say it",
        arguments: [
            (0, "0 ms"), (12, "12 ms"), (999, "999 ms"), (1000, "1.0 s"), (1249, "1.2 s"), (59_949, "59.9 s"),
            (59_950, "1 min"), (184_000, "3 min 4 s"), (3_600_000, "1 h"), (7_500_000, "2 h 5 min"),
            (273_600_000, "3 d 4 h"),
        ])
    func durations(milliseconds: Int, text: String) {
        #expect(Duration.milliseconds(milliseconds).spoken == text)
    }

    @Test(
        "A moment of the wire is read to the millisecond",
        arguments: [
            ("1970-01-01T00:00:00.000Z", 0), ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:00:00.001Z", 951_825_600_001),
            ("2026-11-21T02:15:33.120Z", 1_795_227_333_120), ("2026-11-21", nil), ("2026-11-21T02:15:33+01:00", nil),
            ("", nil),
        ] as [(String, Int?)])
    func moments(text: String, milliseconds: Int?) {
        #expect(Moment(text)?.milliseconds == milliseconds)
    }

    @Test("Columns stand under each other, whatever is coloured, and no line ends in blanks")
    func tables() {
        let table = Table(rows: [[Cell("a", .red), Cell("bb"), Cell("")], [Cell("ccc"), Cell("d"), Cell("e")], []])
        #expect(table.lines() == ["a    bb", "ccc  d   e", ""])
        #expect(table.lines(indent: 1, isColored: true)[0] == " \u{1B}[31ma\u{1B}[0m    bb")
    }

    @Test("A stranger's text cannot command the terminal")
    func printable() {
        #expect("a\u{1B}[2Jb\r\n\tc\u{9B}\u{202E}".printable == "a\u{FFFD}[2Jb\n\tc\u{FFFD}\u{FFFD}")
        #expect("many\nlines".summary(80) == "many")
        #expect("abcdef".summary(4) == "abc…")
    }
}
