import JSON
import Testing

@testable import Secrets

@Suite("Secrets are covered")
struct SecretMaskTests {
    static let texts: [([String], String, String)] = [
        (["abc"], "xabcy", "x•••y"), (["abc"], "abcabc", "••••••"), (["abc"], "ababc", "ab•••"),
        (["aab"], "aaab", "a•••"), (["a"], "banana", "b•••n•••n•••"), (["abc"], "ab", "ab"),
        (["é€😀"], "xé€😀", "x•••"), (["é€😀"], "é€é", "é€é"),
        // The longest one that stands there, and the first.
        (["abc", "abcdef"], "abcdef abcde", "••• •••de"), (["abc", "bcd"], "abcd", "•••d"),
        (["secret", "cret"], "a cret, a secre", "a •••, a secre"),
        // As JSON writes it.
        (["a\"b"], #"{"k":"a\"b"} a"b"#, #"{"k":"•••"} •••"#),
        // Line by line.
        (["first line\nsecond line\nx"], "second line, x, first line", "•••, x, •••"),
    ]

    @Test("However a text is cut, the same is seen of it, and nothing else changes", arguments: texts)
    func pieces(secrets: [String], text: String, shown: String) throws {
        let mask = try #require(SecretMask(secrets))
        #expect(mask.hide(text) == shown)
        let scalars = Array(text.unicodeScalars)
        for first in 0...scalars.count {
            for second in first...scalars.count {
                var stream = SecretStream(mask)
                var pieces = ""
                for piece in [scalars[..<first], scalars[first..<second], scalars[second...]] {
                    pieces += stream.take(String(String.UnicodeScalarView(piece)))
                }
                #expect(pieces + stream.finish() == shown, "cut at \(first) and \(second)")
            }
        }
    }

    @Test(
        "What is written in base64 is covered wherever it stands in it",
        arguments: [
            ("", "sk-Zq8xW3v?>~"), ("u", "sk-Zq8xW3v?>~"), ("us", "sk-Zq8xW3v?>~"), ("user:", "sk-Zq8xW3v?>~x"),
            ("äöü", "sk-Zq8xW3v?>~xy"),
        ])
    func base64(before: String, secret: String) throws {
        let mask = try #require(SecretMask([secret], inBase64: true))
        for end in ["", "!", "!?"] {
            let written = Self.base64(before + secret + end)
            for text in [written, String(written.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })] {
                // Digits that the secret shares with its neighbours are seen.
                let first = (before.utf8.count * 8 + 5) / 6
                let last = (before.utf8.count + secret.utf8.count) * 8 / 6
                #expect(mask.hide("Basic \(text).") == "Basic \(text.prefix(first))•••\(text.dropFirst(last)).")
            }
        }
    }

    private static func base64(_ text: String) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var bits = text.utf8.map { String(repeating: "0", count: $0.leadingZeroBitCount % 8) + String($0, radix: 2) }
            .joined()[...]
        var written = ""
        while !bits.isEmpty {
            let group = bits.prefix(6)
            bits = bits.dropFirst(6)
            let padded = group + String(repeating: "0", count: 6 - group.count)
            written.append(digits[Int(padded, radix: 2) ?? 0])
        }
        while written.utf8.count % 4 > 0 { written += "=" }
        return written
    }

    @Test("What is held back is shorter than the secret, and is given as soon as it can be none")
    func holdsBack() throws {
        var stream = SecretStream(try #require(SecretMask(["sk-12345"])))
        #expect(stream.take("The key is sk-1") == "The key is ")
        #expect(stream.take("2") == "")
        #expect(stream.take("9, no more") == "sk-129, no more")
        #expect(stream.finish() == "")
    }

    @Test("Values are covered in strings, names and numbers, and are JSON after it")
    func values() throws {
        let mask = try #require(SecretMask(["hunter22", "12345678"]))
        let value: JSONValue = ["a": ["my hunter22", 12_345_678, 5], "hunter22": ["b": true]]
        #expect(mask.hide(value) == ["a": ["my •••", "•••", 5], "•••": ["b": true]])
        let bytes = Array(#"{"type":"x","n":12345678}"#.utf8)
        #expect(String(decoding: mask.hide(json: bytes), as: UTF8.self) == #"{"type":"x","n":"•••"}"#)
    }

    @Test("There is no mask of nothing")
    func nothing() {
        #expect(SecretMask([]).isNone)
        #expect(SecretMask([""]).isNone)
    }
}

extension Optional {
    fileprivate var isNone: Bool { if case .none = self { true } else { false } }
}
