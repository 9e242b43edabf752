import Calendar
import Testing

@Test(
    "A day has a number, and a number its day",
    arguments: [
        (0, 1970, 1, 1, 4, 1), (-1, 1969, 12, 31, 3, 365), (11_016, 2000, 2, 29, 2, 60), (11_017, 2000, 3, 1, 3, 61),
        (-25_509, 1900, 2, 28, 3, 59), (-25_508, 1900, 3, 1, 4, 60), (20_088, 2024, 12, 31, 2, 366),
        (-719_162, 1, 1, 1, 1, 1), (-719_528, 0, 1, 1, 6, 1), (2_932_896, 9999, 12, 31, 5, 365),
    ])
func days(_ number: Int, _ year: Int, _ month: Int, _ day: Int, weekday: Int, dayOfYear: Int) {
    let date = CivilDate(year: year, month: month, day: day)
    #expect(CivilDate(dayNumber: number) == date)
    #expect(date.dayNumber == number)
    #expect(date.dayOfWeek == weekday)
    #expect(date.dayOfYear == dayOfYear)
}

@Test("A century is a leap year only when 400 divides it")
func leapYears() {
    #expect([1900, 2000, 2023, 2024, 2100, 0].map { CivilDate.days(inMonth: 2, of: $0) } == [28, 29, 28, 29, 28, 29])
    #expect((1...12).map { CivilDate.days(inMonth: $0, of: 2023) }.reduce(0, +) == 365)
}
