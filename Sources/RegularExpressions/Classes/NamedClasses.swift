extension ScalarClass {
    /// What `\d`, `\w` and `\s` stand for, and by their capitals everything else; nil for other letters.
    init?(letter: Unicode.Scalar, _ dialect: RegularExpression.Dialect) {
        switch (letter, dialect) {
        case ("d", _), ("D", _): self = .digit
        case ("w", _), ("W", _): self = .word
        case ("s", .re2), ("S", .re2): self = ScalarClass([0x09...0x0A, 0x0C...0x0D, 0x20...0x20])
        case ("s", .ecma), ("S", .ecma): self = .ecmaSpace
        default: return nil
        }
        if letter.properties.isUppercase { self = inverted }
    }

    /// The classes that RE2 writes as `[[:alpha:]]`, all of them within ASCII.
    init?(posixName name: String) {
        guard let ranges = Self.posixRanges[name] else { return nil }
        self.init(ranges)
    }

    /// What `.` takes.
    static func any(_ dialect: RegularExpression.Dialect, includingNewlines: Bool) -> ScalarClass {
        let newlines: [ClosedRange<UInt32>] =
            switch dialect {
            case _ where includingNewlines: []
            case .re2: [0x0A...0x0A]
            case .ecma: [0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029]
            }
        return ScalarClass(newlines).inverted
    }

    private static let digit = ScalarClass([0x30...0x39])
    private static let word = ScalarClass([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    private static let ecmaSpace = ScalarClass([
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])

    private static let posixRanges: [String: [ClosedRange<UInt32>]] = [
        "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A], "alpha": [0x41...0x5A, 0x61...0x7A], "ascii": [0x00...0x7F],
        "blank": [0x09...0x09, 0x20...0x20], "cntrl": [0x00...0x1F, 0x7F...0x7F], "digit": [0x30...0x39],
        "graph": [0x21...0x7E], "lower": [0x61...0x7A], "print": [0x20...0x7E],
        "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E], "space": [0x09...0x0D, 0x20...0x20],
        "upper": [0x41...0x5A], "word": [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A],
        "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66],
    ]
}
