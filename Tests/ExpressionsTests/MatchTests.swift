import Expressions
import JSON
import Testing

@Test(
    "A text matches a pattern of RE2 when some part of it does",
    arguments: [
        Row("'banana'.matches('ba(na)*$')", "true"), Row("matches('banana', 'nab')", "false"),
        Row("''.matches('')", "true"), Row("'Ada'.matches('^[A-Z][a-z]+$')", "true"),
        Row("input.name.matches(r'^\\w{3}$')", "true"), Row(#"'a.b'.matches('a\\.b')"#, "true"),
        Row("'ADA'.matches('(?i)ada')", "true"), Row("'mañana'.matches('a+ñ+a+')", "true"),
        Row("input.tags.exists(t, t.matches('^' + t + '$'))", "true"),
        Row("['a', 'b'].filter(x, x.matches('b'))", #"["b"]"#),
        Row("input.tags.all(t, t.matches('[ab]'))", "true"), Row("true || 'a'.matches(input.name + '(')", "true"),
        Row("!'x'.matches('a') && 'x'.matches('x')", "true"),
    ])
func match(_ row: Row) throws { try check(row) }

@Test("A constant that is no pattern is refused before anything is evaluated")
func constantPattern() {
    checkFailure("false && 'a'.matches('a(')", .syntax, "The pattern is none of RE2: This `(` is not closed.")
    checkFailure(#"'a'.matches(r'(a)\1')"#, .syntax, "Backreferences are not supported")
    checkFailure("'a'.matches('(?=a)')", .syntax, "Lookarounds are not supported")
    checkFailure("'a'.matches('((a{1000}){1000}){1000}')", .syntax, "instructions")
    checkFailure("'a'.matches('a', 'b')", .syntax, "`matches` is called as text.matches(pattern)")
    checkFailure("matches('a')", .syntax, "`matches` is called as text.matches(pattern)")
}

@Test("A computed pattern and the types of both sides are errors of the evaluation")
func computedPattern() {
    checkFailure("'a'.matches('(' + input.name)", .evaluation, "The pattern is none of RE2: This `(` is not closed.")
    checkFailure("1.matches('a')", .evaluation, "`matches` does not take an int and a string")
    checkFailure("'a'.matches(input.n)", .evaluation, "`matches` does not take a string and an int")
    checkFailure("matches(null, b'a')", .evaluation, "`matches` does not take null and a bytes")
}
