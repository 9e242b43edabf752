import RegularExpressions
import Testing

@Test(
    "ECMA-262 has its own escapes, spaces and names of properties",
    arguments: [
        Row(#"^\s+$"#, [" \t\n\u{0B}\u{0C}\r\u{A0}\u{FEFF}\u{2028}\u{3000}\u{2003}"], not: ["\u{200B}", "a"]),
        Row(#"^\S$"#, ["é"], not: ["\u{A0}"]), Row("^.$", ["a", "\u{85}"], not: ["\n", "\r", "\u{2028}", "\u{2029}"]),
        Row(#"^\cA\cz$"#, ["\u{1}\u{1A}"]), Row(#"^\u00e9\u{1F3BC}$"#, ["é🎼"]), Row(#"^\uD83C\uDFBC$"#, ["🎼"]),
        Row(#"^[\uD83C\uDFBC]$"#, ["🎼"]), Row(#"\uD83C"#, [], not: ["🎼"]), Row(#"\uD83C\u0041"#, [], not: ["A"]),
        Row(#"^[^\uD800-\uDFFF]$"#, ["a", "🎼"]), Row(#"^[\b]$"#, ["\u{8}"], not: ["b"]), Row("[]", [], not: ["", "a"]),
        Row("^[^]$", ["a", "\n"], not: [""]), Row("^[[:a:]]$", ["[]", "a]"], not: ["a"]),
        Row(#"^\p{Letter}+$"#, ["éж漢"], not: ["1"]), Row(#"^\p{Script=Greek}+$"#, ["αβ"], not: ["a"]),
        Row(#"^\p{sc=Cyrl}\p{scx=Latin}$"#, ["жa"], not: ["aж"]), Row(#"^\p{gc=Nd}\P{General_Category=Nd}$"#, ["1a"]),
        Row(#"^\p{Alphabetic}\p{White_Space}\p{ASCII}$"#, ["é a"], not: ["1 a", "é é"]),
        Row(#"^\p{Uppercase}\p{Lowercase_Letter}\p{Emoji_Presentation}$"#, ["Éé🎼"], not: ["éÉ🎼"]),
        Row(#"^\p{LC}\p{Cased_Letter}$"#, ["aB"], not: ["漢字"]), Row(#"^[\p{L}\p{digit}\-_.]+$"#, ["a-1_."], not: ["@"]),
        Row(#"^\p{Assigned}\P{Assigned}$"#, ["a\u{378}"]), Row(#"^\@\_\ \%\:$"#, ["@_ %:"]),
        Row("^.{1,2000}$", [String(repeating: "a", count: 2000)], not: [""]),
        Row(
            #"^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*$"#, ["ada@example.org"],
            not: ["a b@c"]),
        Row(#"^\$[a-z]\d{3}-(?:\d{2}|x)$"#, ["$a123-45", "$a123-x"], not: ["$a12-45"]),
    ])
func ecma(_ row: Row) throws {
    try check(row, .ecma)
}

@Test(
    "What ECMA-262 does not have is refused",
    arguments: [
        Refusal(#"\A"#, 0, "no escape"), Refusal(#"\z"#, 0, "no escape"), Refusal(#"\Qa\E"#, 0, "no escape"),
        Refusal(#"\a"#, 0, "no escape"), Refusal("(?i)a", 0, "no group of this form"),
        Refusal("(?P<n>a)", 0, "no group"),
        Refusal(#"\c1"#, 0, "letter follows"), Refusal(#"\c"#, 0, "letter follows"),
        Refusal(#"\u12"#, 0, "hexadecimal"),
        Refusal(#"\u{110000}"#, 0, "scalar"), Refusal(#"\u{+41}"#, 0, "scalar"), Refusal(#"\u{41"#, 0, "scalar"),
        Refusal(#"\pL"#, 0, "no class of Unicode"), Refusal(#"\p{Greek}"#, 0, "no class of Unicode"),
        Refusal(#"\p{^L}"#, 0, "no class of Unicode"), Refusal(#"\p{gc=Greek}"#, 0, "no class of Unicode"),
        Refusal(#"\01"#, 0, "octal"), Refusal(#"(?<a>.)\k<a>"#, 7, "Backreferences"),
        Refusal(#"[\d-z]"#, 1, "bound of a range"), Refusal("a{10001}", 1, "more than 10000"),
    ])
func ecmaRefusals(_ refusal: Refusal) {
    check(refusal, .ecma)
}
