import Testing

@testable import Agents

@Suite("Secrets in texts that come in pieces")
struct SecretMaskTests {
    @Test(
        "A secret is masked however the text is cut, and nothing else changes",
        arguments: [
            ("abc", "xabcy", "x•••y"), ("abc", "abcabc", "••••••"), ("abc", "ababc", "ab•••"), ("aab", "aaab", "a•••"),
            ("a", "banana", "b•••n•••n•••"), ("abc", "ab", "ab"), ("", "abc", "abc"), ("é€😀", "xé€😀", "x•••"),
            ("é€😀", "é€é", "é€é"),
        ])
    func masks(secret: String, text: String, shown: String) {
        let scalars = Array(text.unicodeScalars)
        for first in 0...scalars.count {
            for second in first...scalars.count {
                var mask = SecretMask(secret)
                var pieces = ""
                for piece in [scalars[..<first], scalars[first..<second], scalars[second...]] {
                    pieces += mask.take(String(String.UnicodeScalarView(piece)))
                }
                #expect(pieces + mask.finish() == shown, "cut at \(first) and \(second)")
            }
        }
    }
}
