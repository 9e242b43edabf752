/// Keeps a secret out of a text that comes in pieces, also where a piece ends within it.
struct SecretMask: Sendable {
    private let secret: String?
    /// The beginning of what may be the secret.
    private var held = ""

    init(_ secret: String?) {
        self.secret = secret.flatMap { $0.isEmpty ? nil : $0 }
    }

    func hide(_ text: String) -> String {
        secret.map(text.hiding) ?? text
    }

    mutating func take(_ text: String) -> String {
        guard let secret else { return text }
        let shown = (held + text).hiding(secret)
        let (scalars, sought) = (shown.unicodeScalars, secret.unicodeScalars)
        let kept = (1..<max(sought.count, 2)).reversed().first { count in
            count < sought.count && scalars.suffix(count).elementsEqual(sought.prefix(count))
        }
        held = String(String.UnicodeScalarView(scalars.suffix(kept ?? 0)))
        return String(String.UnicodeScalarView(scalars.dropLast(kept ?? 0)))
    }

    /// What is left when nothing more comes.
    mutating func finish() -> String {
        defer { held = "" }
        return held
    }
}
