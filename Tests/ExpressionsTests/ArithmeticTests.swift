import Expressions
import Testing

@Test(
    "Arithmetic stays in its type, and an int beside a double becomes one",
    arguments: [
        Row("2 + 3", "5"), Row("2 - 3", "-1"), Row("4 * 5", "20"), Row("7 / 2", "3"), Row("-7 / 2", "-3"),
        Row("7 % 3", "1"),
        Row("-7 % 3", "-1"), Row("7 % -3", "1"), Row("2u + 3u", "5"), Row("7u / 2u", "3"), Row("7u % 4u", "3"),
        Row("3u - 3u", "0"),
        Row("1.5 + 1.5", "3.0"), Row("4.0 / 2.0", "2.0"), Row("1.0 - 0.9", "0.09999999999999998"),
        Row("0.1 + 0.2", "0.30000000000000004"),
        Row("1 + 0.5", "1.5"), Row("0.5 + 1", "1.5"), Row("2 * 2.0", "4.0"), Row("1 / 2.0", "0.5"),
        Row("1.0 / 2", "0.5"),
        Row("7 % 2.5", "2.0"), Row("7.5 % 2", "1.5"), Row("3 - 0.0", "3.0"), Row("input.n * input.ratio", "7.5"),
        Row("input.n + 1", "4"), Row("price * 2", "2.2"), Row("hundred + 1", "101.0"), Row("-price", "-1.1"),
        Row("-0.0", "-0.0"),
        Row("9223372036854775806 + 1", "9223372036854775807"), Row("-9223372036854775807 - 1", "-9223372036854775808"),
        Row("18446744073709551614u + 1u", "18446744073709551615"), Row("1.0 / 0.0 > 1e308", "true"),
        Row("1 / 0.0 > 1e308", "true"),
        Row("'a' + 'b' + ''", #""ab""#), Row("b'a' + b'b'", #""YWI=""#), Row("[1] + [2] + []", "[1,2]"),
        Row("input.tags + ['c']", #"["a","b","c"]"#), Row("input.tags + input.tags", #"["a","b","a","b"]"#),
    ])
func arithmetic(_ row: Row) throws { try check(row) }

@Test(
    "Arithmetic that has no exact integer result, or no overload, fails",
    arguments: [
        ("9223372036854775807 + 1", "does not fit an int"), ("-9223372036854775808 - 1", "does not fit an int"),
        ("9223372036854775807 * 2", "does not fit an int"), ("-9223372036854775808 / -1", "does not fit an int"),
        ("-9223372036854775808 % -1", "does not fit an int"), ("-(-9223372036854775808)", "does not fit an int"),
        ("--9223372036854775808", "does not fit an int"), ("0u - 1u", "does not fit a uint"),
        ("18446744073709551615u + 1u", "does not fit a uint"), ("18446744073709551615u * 2u", "does not fit a uint"),
        ("1 / 0", "divided by zero"), ("1 % 0", "divided by zero"), ("1u / 0u", "divided by zero"),
        ("1u % 0u", "divided by zero"),
        ("7.5 % 2.0", "`%` does not take a double and a double"), ("1 + 1u", "`+` does not take an int and a uint"),
        ("1u + 1.0", "`+` does not take a uint and a double"), ("1 + 'a'", "`+` does not take an int and a string"),
        ("'a' + null", "`+` does not take a string and null"), ("'a' - 'b'", "`-` does not take a string and a string"),
        ("[1] - [1]", "`-` does not take a list and a list"), ("{} + {}", "`+` does not take a map and a map"),
        ("true + true", "`+` does not take a bool and a bool"), ("-'a'", "`-` does not take a string"),
        ("-1u", "`-` does not take a uint"),
        ("-true", "`-` does not take a bool"), ("great + 1", "beyond 64 bits"), ("1 * great", "beyond 64 bits"),
        ("great - 1.0", "beyond 64 bits"), ("-great", "beyond 64 bits"), ("unsigned - 1", "beyond 64 bits"),
    ])
func arithmeticFailure(_ source: String, _ words: String) { checkFailure(source, .evaluation, words) }
