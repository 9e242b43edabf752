/// Texts that nobody may see, and how they are covered wherever they stand. Made only where there is something to hide,
/// so that whoever has nothing to hide checks a nil.
package struct SecretMask: Sendable {
    /// What is seen instead.
    package static let cover = "•••"

    /// In bytes, longest first: where one begins like another, the whole longer one is covered.
    let needles: [[UInt8]]
    /// Whether a secret may begin with a byte.
    let begins: [Bool]
    /// Whether one consists of digits, and so may stand as a number.
    let hasNumber: Bool

    /// Nil where none of the texts has a byte. What has several lines is hidden line by line too, for so it is printed;
    /// lines shorter than `shortestLine` bytes are seen. A text that JSON writes otherwise is hidden as JSON writes it too.
    /// `inBase64` hides those of at least `shortestLine` bytes also within what is encoded so, such as the header that a
    /// key is sent in.
    package init?(_ secrets: [String], inBase64: Bool = false) {
        guard !secrets.isEmpty else { return nil }
        var texts: Set<String> = []
        for secret in secrets {
            texts.insert(secret)
            let lines = secret.split(whereSeparator: \.isNewline)
            guard lines.count > 1 else { continue }
            for line in lines where line.utf8.count >= Self.shortestLine { texts.insert(String(line)) }
        }
        texts.formUnion(texts.map(\.asWrittenInJSON))
        if inBase64 {
            for secret in secrets where secret.utf8.count >= Self.shortestLine {
                texts.formUnion(Base64.cores(of: secret))
            }
        }
        texts.remove("")
        guard !texts.isEmpty else { return nil }
        self.init(hiding: texts.map { Array($0.utf8) })
    }

    private init(hiding texts: some Sequence<[UInt8]>) {
        needles = texts.sorted {
            $0.count == $1.count ? $0.lexicographicallyPrecedes($1) : $0.count > $1.count
        }
        var begins = [Bool](repeating: false, count: 256)
        for needle in needles { begins[Int(needle[0])] = true }
        self.begins = begins
        hasNumber = needles.contains { $0.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") } }
    }

    package static let shortestLine = 8

    /// What hides all that either of them hides.
    package func joined(with other: SecretMask?) -> SecretMask {
        guard let other else { return self }
        return SecretMask(hiding: Set(needles + other.needles))
    }

    /// Whether a secret stands in the bytes.
    private func isIn(_ bytes: UnsafeRawBufferPointer) -> Bool {
        begins.withUnsafeBufferPointer { begins in
            for (place, byte) in bytes.enumerated() where begins[Int(byte)] {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[place...])
                if needles.contains(where: { rest.starts(with: $0) }) { return true }
            }
            return false
        }
    }

    package func isIn(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.withContiguousStorageIfAvailable { isIn(UnsafeRawBufferPointer($0)) } ?? isIn(Array(bytes))
    }

    package func isIn(_ text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { isIn(UnsafeRawBufferPointer($0)) } ?? isIn(Array(text.utf8))
    }

    /// The text with every secret in it covered.
    package func hide(_ text: String) -> String {
        guard isIn(text) else { return text }
        var stream = SecretStream(self)
        return stream.take(text) + stream.finish()
    }
}

extension String {
    /// What stands between the quotes.
    private static let escapes: [Unicode.Scalar: String] = [
        "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t",
    ]

    fileprivate var asWrittenInJSON: String {
        unicodeScalars.reduce(into: "") { $0 += Self.escapes[$1] ?? String($1) }
    }
}
