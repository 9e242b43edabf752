import Expressions
import Testing

@Test(
    "Literals have the values the specification gives them",
    arguments: [
        Row("1", "1"), Row("-1", "-1"), Row("0x1F", "31"), Row("-0xff", "-255"), Row("007", "7"), Row("7u", "7"),
        Row("0XAU", "10"), Row("9223372036854775807", "9223372036854775807"),
        Row("-9223372036854775808", "-9223372036854775808"), Row("18446744073709551615u", "18446744073709551615"),
        Row("1.5", "1.5"), Row("2.0", "2.0"), Row(".5", "0.5"), Row("1e3", "1000.0"), Row("1.5E-3", "0.0015"),
        Row("-.5", "-0.5"), Row("1e300", "1e+300"),
        Row("true", "true"), Row("false", "false"), Row("null", "null"), Row("[]", "[]"), Row("{}", "{}"),
        Row("[1, 'a', [2],]", #"[1,"a",[2]]"#), Row("{'a': 1, \"b\": {'c': null},}", #"{"a":1,"b":{"c":null}}"#),
        Row("'single'", #""single""#), Row(#""double""#, #""double""#), Row("''", #""""#), Row("''''''", #""""#),
        Row("'''a'b''c\nd'''", #""a'b''c\nd""#), Row(#""""x""y""""#, #""x\"\"y""#),
        Row(#"'\\ \? \" \' \` \a\b\t\n\v\f\r'"#, #""\\ ? \" ' ` \u0007\b\t\n\u000b\f\r""#),
        Row(#"'\x41\X42\103\u00e9\U0001F600'"#, #""ABCé😀""#), Row(#"'\377' == '\u00ff'"#, "true"),
        Row(#"r'\n'"#, #""\\n""#), Row(#"R"\""#, #""\\""#), Row(#"r'''\'''"#, #""\\""#),
        Row("b'abc'", #""YWJj""#), Row(#"b'\377\x00'"#, #""/wA=""#), Row("B'é'", #""w6k=""#), Row("b''", #""""#),
        Row(#"br'\n' == b'\\n'"#, "true"), Row("'ü' + \"😀\"", #""ü😀""#),
        Row("1 // one\n + 2 // two", "3"), Row(" \t\r\n\u{C}1", "1"),
    ])
func literal(_ row: Row) throws { try check(row) }

@Test(
    "What is no literal is refused where it goes wrong",
    arguments: [
        ("9223372036854775808", "does not fit an int", 0), ("-9223372036854775809", "does not fit an int", 1),
        ("18446744073709551616u", "does not fit 64 bits", 0), ("0x", "needs a digit", 2), ("0xg", "needs a digit", 2),
        ("1e", "needs a digit", 2), ("1e+", "needs a digit", 3), ("1e999", "too great", 0), ("12abc", "between", 2),
        ("1.", "the name of a member", 2), ("'a", "closing quote", 0), ("'a\nb'", "closing quote on its line", 0),
        ("'''a''", "closing quote", 0), (#"'\q'"#, "No such escape", 1), (#"'\u12'"#, "No such escape", 1),
        (#"'\ud83d'"#, "no Unicode scalar", 1), (#"'\U00110000'"#, "no Unicode scalar", 1),
        (#"'\400'"#, "No such escape", 1),
        (#"b'\u0041'"#, "No such escape", 2), (#"'\"#, "closing quote", 1), ("a.`b", "backtick", 2),
        ("a.``", "backtick", 2),
        ("`a`", "a value", 0),
    ])
func badLiteral(_ source: String, _ words: String, _ offset: Int) {
    let error = #expect(throws: ExpressionError.self) { try Expression(parsing: source) }
    #expect(error?.kind == .syntax)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(error?.offset == offset)
}
