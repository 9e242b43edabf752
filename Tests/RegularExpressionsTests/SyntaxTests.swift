import RegularExpressions
import Testing

/// What means the same in both dialects.
@Test(
    "Both dialects share most of their syntax",
    arguments: [
        Row("", ["", "anything"]), Row("abc", ["abc", "xabcx"], not: ["", "ab", "acb", "ABC"]),
        Row("a|b", ["a", "b", "xb"], not: ["", "c"]), Row("a||b", ["", "c"]), Row("|", [""]),
        Row("^(?:ab|cd|)e$", ["abe", "cde", "e"], not: ["ae", "abcde"]),
        Row("^a|b$", ["ax", "xb"], not: ["xa", "bx"]),
        Row("^a*$", ["", "a", "aaaa"], not: ["b", "aab"]), Row("^a+$", ["a", "aaaa"], not: ["", "aab"]),
        Row("^a?$", ["", "a"], not: ["aa"]), Row("^a*?$", ["", "aaaa"], not: ["b"]),
        Row("^a+?b??$", ["a", "aab"], not: ["", "abb"]), Row("^(ab)*$", ["", "abab"], not: ["aba"]),
        Row("^a{3}$", ["aaa"], not: ["aa", "aaaa"]), Row("^a{2,}$", ["aa", "aaaaa"], not: ["a"]),
        Row("^a{0,}$", ["", "aa"], not: ["b"]), Row("^a{2,4}$", ["aa", "aaa", "aaaa"], not: ["a", "aaaaa"]),
        Row("^a{0,2}$", ["", "a", "aa"], not: ["aaa"]), Row("^a{0}$", [""], not: ["a"]),
        Row("^(a{2}){2}?$", ["aaaa"], not: ["aa", "aaa", "aaaaa"]), Row("^(ab{1,2}){2}$", ["abbab"], not: ["ab"]),
        Row("^a{,2}$", ["a{,2}"], not: ["a"]), Row("^a{x}{$", ["a{x}{"]), Row("^a}]$", ["a}]"]),
        Row("^(a|b|c)*d$", ["d", "abcabcd"], not: ["abc", "abed"]),
        Row("^((a)(b(c)))+$", ["abc", "abcabc"], not: ["ab"]), Row("^()*()+(){7}$", [""], not: ["a"]),
        Row("^(a*)*$", ["", "aa"], not: ["ab"]), Row("(^)*x", ["x", "yx"]), Row("(|a)+b", ["b", "aab"]),
        Row("a.c", ["abc", "aéc", "a🎼c"], not: ["ac", "a\nc"]), Row("^.$", ["é", "🎼"], not: ["e\u{301}", ""]),
        Row("[abc]", ["b"], not: ["d", ""]), Row("^[^abc]$", ["d", "é", "\n"], not: ["a", ""]),
        Row("^[a-cx]$", ["a", "b", "c", "x"], not: ["d", "-"]), Row("^[a-]$", ["a", "-"], not: ["b"]),
        Row("^[-a]$", ["a", "-"], not: ["b"]), Row(#"^[\]\\]$"#, ["]", "\\"], not: ["["]),
        Row("^[.*+?()|^$]$", [".", "*", "$", "^"], not: ["a"]), Row(#"^[^\d]$"#, ["a"], not: ["7"]),
        Row(#"^[\d.]+$"#, ["1.5"], not: ["1,5"]), Row(#"^[^\D]$"#, ["7"], not: ["a"]), Row("[^a-z]", ["A"], not: ["b"]),
        Row("^[à-ÿ]$", ["é"], not: ["e", "×\u{100}"]), Row(#"^[\x41-C]$"#, ["B"], not: ["D"]),
        Row(#"^\d+$"#, ["0123456789"], not: ["", "٣", "a"]), Row(#"^\D$"#, ["a", "٣"], not: ["1"]),
        Row(#"^\w+$"#, ["aZ_09"], not: ["é", "-", ""]), Row(#"^\W$"#, ["é", "-", "\n"], not: ["a", "_"]),
        Row(#"^\s+$"#, [" \t\n\r\u{0C}"], not: ["a", ""]), Row(#"^\S$"#, ["a"], not: [" "]),
        Row(#"\bcat\b"#, ["cat", "a cat.", "écat"], not: ["cats", "_cat"]), Row(#"a\Bb"#, ["ab"]),
        Row(#"\B"#, ["", "ab"], not: ["a"]), Row(#"^\b"#, ["a"], not: ["", " a"]),
        Row(#"^\f\n\r\t\v$"#, ["\u{0C}\n\r\t\u{0B}"]), Row(#"\x41\x7a"#, ["Az"], not: ["az"]),
        Row(#"^\.\*\+\?\(\)\[\]\{\}\|\^\$\\\/\-$"#, [#".*+?()[]{}|^$\/-"#]), Row(#"\0"#, ["\0"], not: ["0"]),
        Row("^(?<year>[0-9]{4})-(?<month>[0-9]{2})$", ["2024-02"], not: ["24-2"]),
        Row(#"^\p{L}\p{Lu}\p{Nd}$"#, ["éÉ٣"], not: ["éé٣", "1A1"]), Row(#"^\P{L}$"#, ["1"], not: ["a", "ж"]),
        Row(#"^[\p{L}\p{Nd}_]+$"#, ["жd_7"], not: ["-"]), Row(#"^[^\p{L}]+$"#, ["123"], not: ["a"]),
        Row(#"^[\P{L}x]$"#, ["1", "x"], not: ["a"]), Row(#"^\p{Sc}\p{Z}\p{Any}$"#, ["€ \n"], not: ["e  "]),
        Row("é", ["é"], not: ["e\u{301}"]), Row("🎼+$", ["x🎼🎼"], not: ["🎼x"]),
    ], [RegularExpression.Dialect.re2, .ecma])
func sharedSyntax(_ row: Row, _ dialect: RegularExpression.Dialect) throws {
    try check(row, dialect)
}

@Test(
    "What is no pattern of either dialect is refused where it is wrong",
    arguments: [
        Refusal("*", 0, "nothing here to repeat"), Refusal("a|+", 2, "nothing here to repeat"),
        Refusal("({2})", 1, "nothing here to repeat"), Refusal("?", 0, "nothing here to repeat"),
        Refusal("a**", 2, "cannot be repeated"), Refusal("a{2}{3}", 4, "cannot be repeated"),
        Refusal("a*?*", 3, "cannot be repeated"), Refusal("a++", 2, "cannot be repeated"),
        Refusal("(a", 0, "not closed"), Refusal("a)", 1, "closes nothing"), Refusal("é(a", 2, "not closed"),
        Refusal("[a", 0, "not closed"), Refusal("[", 0, "not closed"), Refusal("[a-", 0, "not closed"),
        Refusal("[b-a]", 1, "wrong order"), Refusal(#"[a-\d]"#, 3, "bound of a range"),
        Refusal("\\", 0, "backslash ends"), Refusal(#"[\"#, 1, "backslash ends"), Refusal(#"\y"#, 0, "no escape"),
        Refusal(#"\Z"#, 0, "no escape"), Refusal(#"\x4"#, 0, "hexadecimal"), Refusal(#"\xé1"#, 0, "hexadecimal"),
        Refusal(#"a\p{Klingon}"#, 1, "no class of Unicode"), Refusal(#"\p{L"#, 0, "no class of Unicode"),
        Refusal(#"\p"#, 0, "no class of Unicode"), Refusal(#"(.)\1"#, 3, "Backreferences"),
        Refusal(#"\8"#, 0, "Backreferences"), Refusal("a(?=b)", 1, "Lookarounds"),
        Refusal("(?!b)", 0, "Lookarounds"), Refusal("(?<=b)", 0, "Lookarounds"), Refusal("(?<!b)", 0, "Lookarounds"),
        Refusal("(?#b)", 0, "no group of this form"), Refusal("(?", 0, "no group of this form"),
        Refusal("(?<>a)", 3, "name of a group"), Refusal("(?<a-b>c)", 3, "name of a group"),
        Refusal("(?<a", 3, "name of a group"), Refusal("(?<n>a)(?<n>b)", 7, "Two groups"),
        Refusal("a{3,2}", 1, "more at least than at most"),
    ], [RegularExpression.Dialect.re2, .ecma])
func refusals(_ refusal: Refusal, _ dialect: RegularExpression.Dialect) {
    check(refusal, dialect)
}
