import RegularExpressions
import Testing

@Test(
    "RE2 has flags, classes by name, quotations and anchors of its own",
    arguments: [
        Row("(?i)straße", ["STRAßE", "straẞe"], not: ["strasse"]), Row("(?i)[a-c]+$", ["aBC"], not: ["D"]),
        Row("(?i)k", ["k", "K", "\u{212A}"]), Row("(?i)\u{212A}", ["k", "K"]), Row("(?i)ς", ["Σ", "σ", "ς"]),
        Row("(?i)[^k]", ["j"], not: ["K"]), Row("^(?i)[à-ÿ]$", ["É"], not: ["E"]),
        Row("(?i)\\p{Lu}", ["a"], not: ["1"]),
        Row("^a(?i)b|c$", ["aB", "C"], not: ["AB"]), Row("^(?:a(?i)b)c$", ["aBc"], not: ["aBC"]),
        Row("^(?i:a)b$", ["Ab"], not: ["AB"]), Row("(?i)a(?-i)b", ["Ab"], not: ["aB"]),
        Row("^(?i:a(?-i:b))$", ["Ab"], not: ["AB"]), Row("(?)a", ["a"]), Row("(?U)^a+?$", ["aa"]),
        Row("(?m)^b$", ["a\nb\nc", "b"], not: ["ab"]), Row("^b$", ["b"], not: ["a\nb", "b\n"]),
        Row("(?s)a.c", ["a\nc"]), Row("(?s-s)a.c", ["abc"], not: ["a\nc"]), Row("(?ims)^A.$", ["x\na\n"]),
        Row(#"\Aa\z"#, ["a"], not: ["ba", "a\n"]), Row(#"(?m)\Aa\z"#, ["a"], not: ["a\nb", "b\na"]),
        Row(#"^\Qa.b*\E$"#, ["a.b*"], not: ["axb"]), Row(#"^\Qab\E+$"#, ["abb"], not: ["abab"]),
        Row(#"\Q(["#, ["(["]), Row(#"^\Q\Ea$"#, ["a"]), Row(#"(?i)\QAb\E"#, ["aB"]),
        Row("^[[:alpha:]]+$", ["aZ"], not: ["1", "é"]), Row("^[[:^alpha:]]+$", ["1é"], not: ["a"]),
        Row("^[[:digit:][:upper:]_]+$", ["A1_"], not: ["a"]), Row("^[[:space:]]+$", [" \u{0B}\n"], not: ["a"]),
        Row("^[[:punct:]]+$", ["!~[`"], not: ["a", " "]), Row("^[[:word:]]+[[:xdigit:]]$", ["__f"], not: ["__g"]),
        Row("^[[:alnum:][:blank:]]+$", ["a 1\t"], not: ["\n"]), Row("^[[:cntrl:]]$", ["\u{7F}"], not: ["a"]),
        Row("^[[:graph:]][[:print:]][[:lower:]][[:ascii:]]$", ["! a\0"], not: [" !a\0", "!!A "]),
        Row("^[]a]+$", ["]a"], not: ["b"]), Row("^[^]a]$", ["b"], not: ["]"]), Row("^[a-c-e]+$", ["b-e"], not: ["d"]),
        Row(#"^[\d-z]+$"#, ["7-z"], not: ["a"]),
        Row(#"^\pL\pN\PL$"#, ["é7-"], not: ["é77a", "ééé"]), Row(#"^\p{Greek}+$"#, ["αβγ"], not: ["abc"]),
        Row(#"^\p{^Greek}\P{^Greek}$"#, ["aα"], not: ["αa"]), Row(#"^\p{Han}\p{Cyrillic}\p{Latin}$"#, ["漢жé"]),
        Row(#"^[^\p{Greek}]$"#, ["a"], not: ["α"]), Row(#"\s"#, [" "], not: ["\u{0B}", "\u{A0}"]),
        Row(#"^\x{1F3BC}\x{e9}$"#, ["🎼é"]), Row(#"^\a\141\07$"#, ["\u{7}a\u{7}"]), Row(#"^\_\!\ $"#, ["_! "]),
        Row(".", ["\r", "\u{2028}"], not: ["\n"]), Row("^(?P<x>a)$", ["a"]),
        Row("^a{1000}$", [String(repeating: "a", count: 1000)]),
    ])
func re2(_ row: Row) throws {
    try check(row, .re2)
}

@Test(
    "What RE2 does not have is refused",
    arguments: [
        Refusal("a{1001}", 1, "more than 1000"), Refusal("a{1,99999999999999999999}", 1, "more than 1000"),
        Refusal(#"\cA"#, 0, "no escape"), Refusal(#"\u0041"#, 0, "no escape"), Refusal(#"[\b]"#, 1, "no escape"),
        Refusal(#"\x{110000}"#, 0, "scalar"), Refusal(#"\x{}"#, 0, "scalar"), Refusal("[[:foo:]]", 1, "no class"),
        Refusal(#"\p{Script=Greek}"#, 0, "no class of Unicode"), Refusal("(?i-:a)", 0, "no group of this form"),
        Refusal("(?P=n)", 0, "no group of this form"), Refusal("[]", 0, "not closed"), Refusal(#"\C"#, 0, "no escape"),
    ])
func re2Refusals(_ refusal: Refusal) {
    check(refusal, .re2)
}
