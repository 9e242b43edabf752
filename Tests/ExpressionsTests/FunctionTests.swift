import Expressions
import Testing

@Test(
    "Functions of strings, lists and maps",
    arguments: [
        Row("size('')", "0"), Row("size('häß😀')", "4"), Row(#"'e\u0301'.size()"#, "2"), Row("size(b'ä')", "2"),
        Row("[1, 2].size()", "2"),
        Row("size({'a': 1})", "1"), Row("input.tags.size()", "2"), Row("size(state)", "2"),
        Row("'banana'.contains('nan')", "true"), Row("'banana'.contains('nab')", "false"),
        Row("'a'.contains('')", "true"), Row("''.contains('')", "true"),
        Row("''.contains('a')", "false"), Row("'aaab'.contains('aab')", "true"),
        Row("'abababac'.contains('ababac')", "true"), Row("'ab'.contains('abc')", "false"),
        Row(#"'a\x00b'.contains('\x00b')"#, "true"), Row(#"'e\u0301'.contains('e')"#, "true"),
        Row("'mississippi'.contains('issip')", "true"),
        Row("'abc'.startsWith('ab')", "true"), Row("'abc'.startsWith('b')", "false"),
        Row("'a'.startsWith('ab')", "false"), Row("'a'.startsWith('')", "true"),
        Row("'abc'.endsWith('bc')", "true"), Row("'abc'.endsWith('ab')", "false"), Row("'a'.endsWith('ba')", "false"),
        Row("''.endsWith('')", "true"),
        Row("input.name.startsWith('A') && input.name.endsWith('a')", "true"), Row("dyn(1) + 1", "2"),
    ])
func function(_ row: Row) throws { try check(row) }

@Test(
    "Conversions are exact, or say that they cannot be",
    arguments: [
        Row("int('42')", "42"), Row("int('-7')", "-7"), Row("int(3.9)", "3"), Row("int(-3.9)", "-3"),
        Row("int(7u)", "7"), Row("int(7)", "7"),
        Row("int(price)", "1"), Row("int(9007199254740993)", "9007199254740993"), Row("int(hundred)", "100"),
        Row("uint(7)", "7"), Row("uint('18446744073709551615')", "18446744073709551615"), Row("uint(3.9)", "3"),
        Row("uint(unsigned)", "18446744073709551615"),
        Row("double(1)", "1.0"), Row("double('1.5')", "1.5"), Row("double('-2e3')", "-2000.0"),
        Row("double(2u)", "2.0"), Row("double(price)", "1.1"),
        Row("double(great)", "1.2345678901234568e+20"), Row("double('Infinity') > 1.0", "true"),
        Row("double('NaN') == 0.0", "false"), Row("double(1.0)", "1.0"), Row("double('-Infinity') < 1.0", "true"),
        Row("double('.5')", "0.5"),
        Row("string(1)", #""1""#), Row("string(-1.5)", #""-1.5""#), Row("string(2.0)", #""2.0""#),
        Row("string(7u)", #""7""#), Row("string(true)", #""true""#),
        Row("string('a')", #""a""#), Row("string(b'\\xc3\\xa9')", #""é""#), Row("string(price)", #""1.10""#),
        Row("string(great)", #""123456789012345678901""#),
        Row("string(1.0 / 0.0)", #""Infinity""#), Row("string(-1.0 / 0.0)", #""-Infinity""#),
        Row("string(0.0 / 0.0)", #""NaN""#),
        Row("bool('true')", "true"), Row("bool('0')", "false"), Row("bool('T' + 'rue')", "true"),
        Row("bool(false)", "false"),
        Row("bytes('é')", #""w6k=""#), Row("bytes(b'a')", #""YQ==""#), Row("string(bytes('abc'))", #""abc""#),
        Row("type(1) == int && type(1u) == uint && type(1.0) == double", "true"),
        Row("type('') == string && type(b'') == bytes", "true"),
        Row("type([]) == list && type({}) == map && type(null) == null_type", "true"),
        Row("type(true) == bool && type(type) == type", "true"),
        Row("type(input.n) == int && type(input.ratio) == double", "true"),
        Row("type(great) == int && type(hundred) == double", "true"),
    ])
func conversion(_ row: Row) throws { try check(row) }

@Test(
    "A value that cannot be converted is an error",
    arguments: [
        ("int('4.2')", "This value, a string, cannot become an int."), ("int('')", "cannot become an int"),
        ("int('9223372036854775808')", "cannot become an int"),
        ("int(true)", "This value, a bool, cannot become an int."),
        ("int(null)", "This value, null, cannot become an int."), ("int(1e19)", "does not fit an int"),
        ("int(-9223372036854775808.0)", "does not fit an int"), ("int(0.0 / 0.0)", "does not fit an int"),
        ("int(18446744073709551615u)", "does not fit an int"),
        ("int(great)", "does not fit an int"), ("uint(-1)", "does not fit a uint"),
        ("uint(-1.5)", "does not fit a uint"), ("uint('-1')", "cannot become a uint"),
        ("uint(great)", "does not fit a uint"), ("uint(1e20)", "does not fit a uint"),
        ("double('x')", "cannot become a double"), ("double('0x1p3')", "cannot become a double"),
        ("double('1e999')", "cannot become a double"), ("double(' 1')", "cannot become a double"),
        ("double('inf')", "cannot become a double"), ("double('')", "cannot become a double"),
        ("double([])", "This value, a list, cannot become a double."),
        ("string(null)", "This value, null, cannot become a string."), ("string([1])", "cannot become a string"),
        ("string({})", "cannot become a string"),
        ("string(b'\\xff')", "This value, a bytes, cannot become a string."),
        ("int('\(String(repeating: "0", count: 1_001))')", "cannot become an int"),
        ("bool('yes')", "cannot become a bool"),
        ("bool('tRUE')", "cannot become a bool"),
        ("bool(1)", "cannot become a bool"), ("bytes(1)", "cannot become a bytes"),
        ("size(1)", "`size` does not take an int"), ("size(null)", "`size` does not take null"),
        ("'a'.contains(1)", "`contains` does not take a string and an int"),
        ("[1].contains(1)", "`contains` does not take a list and an int"),
        ("1.startsWith('a')", "`startsWith` does not take an int and a string"),
        ("null.endsWith('a')", "`endsWith` does not take null and a string"),
    ])
func conversionFailure(_ source: String, _ words: String) { checkFailure(source, .evaluation, words) }
