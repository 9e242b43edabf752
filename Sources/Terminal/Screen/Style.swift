/// How a piece of text is set off, where the terminal shows it.
package enum Style: String, Sendable {
    case plain = ""
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"

    package func apply(to text: String, isColored: Bool) -> String {
        isColored && self != .plain && !text.isEmpty ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}

extension String {
    /// Without what could command a terminal: a workflow's text is a stranger's. Tabs and line ends stay.
    package var printable: String {
        guard unicodeScalars.contains(where: \.isCommanding) else { return self }
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars where scalar != "\r" {
            text.append(scalar.isCommanding ? "\u{FFFD}" : scalar)
        }
        return String(text)
    }

    /// The first line, shortened to `width` characters.
    package func summary(_ width: Int) -> String {
        let line = String(printable.split(separator: "\n", omittingEmptySubsequences: true).first ?? "")
        return line.count > width ? line.prefix(max(0, width - 1)) + "…" : line
    }
}

extension Unicode.Scalar {
    fileprivate var isCommanding: Bool {
        switch value {
        case 0x09, 0x0A: false
        // C0, DEL and C1, and the marks that turn the direction of writing.
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
