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
