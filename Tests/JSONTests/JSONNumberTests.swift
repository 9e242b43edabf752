import JSON
import Testing

@Suite("A number")
struct JSONNumberTests {
    @Test(
        "keeps its text",
        arguments: ["0", "-0", "-0.0", "1.0", "1e2", "1E+02", "100000000000000000000", "-9223372036854775808", "1.50"])
    func text(text: String) throws {
        let number = try #require(JSONNumber(parsing: text))
        #expect(number.text == text)
        #expect(JSONValue.number(number).serialized() == text)
    }

    @Test(
        "is an integer when it is written as one",
        arguments: [
            ("0", 0), ("-0", 0), ("42", 42), ("-42", -42), ("9223372036854775807", .max),
            ("-9223372036854775808", .min), ("9223372036854775808", nil), ("-9223372036854775809", nil),
            ("999999999999999999", 999_999_999_999_999_999), ("1.0", nil), ("1e0", nil),
            ("100000000000000000000", nil),
        ] as [(String, Int?)])
    func int(text: String, expected: Int?) throws {
        let number = try #require(JSONNumber(parsing: text))
        #expect(number.int == expected)
        #expect(number.isInteger == !text.contains { ".e".contains($0) })
    }

    @Test(
        "has one value however it is written",
        arguments: [
            ["1", "1.0", "1e0", "10e-1", "0.1e1", "100E-2", "1.000"],
            ["0", "-0", "0.0", "-0e9", "0e999999999999999999999"],
            ["-1500", "-1.5e3", "-15e+2", "-1500.00"], ["0.1", "1e-1", "0.10"],
            ["9223372036854775807", "9223372036854775807.0", "9.223372036854775807e18"],
            ["-9223372036854775808", "-9223372036854775808.0"],
            ["123456789012345678901234567890", "12345678901234567890123456789e1"],
            ["1e999999999", "10e999999998", "0.1e1000000000"], ["1e-999999999", "0.1e-999999998"],
            ["1e99999999999999999999", "10e99999999999999999999"],
        ])
    func equality(texts: [String]) throws {
        let numbers = try texts.map { try #require(JSONNumber(parsing: $0)) }
        for left in numbers {
            for right in numbers {
                #expect(left == right, "\(left) \(right)")
                #expect(left.hashValue == right.hashValue, "\(left) \(right)")
                #expect(!(left < right), "\(left) \(right)")
            }
        }
    }

    @Test("is ordered by its exact value")
    func order() throws {
        let texts = [
            "-1e999999999", "-9223372036854775809", "-9223372036854775808", "-2", "-1.5", "-1", "-1e-9", "0",
            "1e-999999999", "1e-9", "0.1", "0.10000000000000000000000000001", "1", "1.5", "2", "10", "9007199254740993",
            "9007199254740993.5", "9223372036854775807", "9223372036854775808", "1e20", "1e999999999",
        ]
        let numbers = try texts.map { try #require(JSONNumber(parsing: $0)) }
        for (position, left) in numbers.enumerated() {
            for (otherPosition, right) in numbers.enumerated() {
                #expect((left < right) == (position < otherPosition), "\(left) \(right)")
                #expect((left == right) == (position == otherPosition), "\(left) \(right)")
            }
        }
    }

    @Test(
        "is made from a double by the shortest text",
        arguments: [
            (2.0, "2.0"), (0.1, "0.1"), (-0.0, "-0.0"), (1e21, "1e+21"), (.leastNonzeroMagnitude, "5e-324"),
        ])
    func fromDouble(value: Double, text: String) throws {
        let number = try #require(JSONNumber(value))
        #expect(number.text == text)
        #expect(number.double == value)
        #expect(JSONNumber(parsing: text) == number)
    }

    @Test("is never infinite and always a number", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(value: Double) {
        #expect(JSONNumber(value) == nil)
        #expect(JSONValue(value) == nil)
    }

    @Test(
        "reads as the nearest double",
        arguments: [
            ("1", 1), ("-0", -0.0), ("9007199254740993", 9_007_199_254_740_992), ("1e400", .infinity), ("1e-400", 0),
            ("2.5E-3", 0.0025),
        ])
    func double(text: String, expected: Double) throws {
        #expect(try #require(JSONNumber(parsing: text)).double == expected)
    }

    @Test("is made from every unsigned integer")
    func unsigned() {
        #expect(JSONNumber(UInt64(7)).int == 7)
        #expect(JSONNumber(UInt64.max).text == "18446744073709551615")
    }

    @Test(
        "is whole by its value",
        arguments: [
            ("1", true), ("1.0", true), ("1.5e1", true), ("1e9999", true), ("1.5", false), ("1e-1", false),
            ("0.0", true),
        ])
    func whole(text: String, expected: Bool) throws {
        #expect(try #require(JSONNumber(parsing: text)).isWhole == expected)
    }

    @Test("is not what is not one", arguments: ["", "01", " 1", "1 ", "1.", "NaN", "true", "\"1\"", "٣", "[1]"])
    func refused(text: String) {
        #expect(JSONNumber(parsing: text) == nil)
    }
}
