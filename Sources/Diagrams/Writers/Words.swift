/// Text as a picture shows it.
enum Words {
    /// In one line, without what would move the text around it or is not allowed in a document.
    static func plain(_ text: String) -> String {
        var plain = ""
        var isBlank = false
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x20, 0x09...0x0D, 0x85, 0x2028, 0x2029:
                isBlank = true
                continue
            case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF:
                if isBlank && !plain.isEmpty { plain.append(" ") }
                plain.unicodeScalars.append("\u{FFFD}")
            default:
                if isBlank && !plain.isEmpty { plain.append(" ") }
                plain.unicodeScalars.append(scalar)
            }
            isBlank = false
        }
        return plain
    }

    /// Cut with an ellipsis where it would be wider, in pixels.
    static func cut(_ text: String, to limit: Int, size: Int) -> String {
        let text = plain(String(text.prefix(400)))
        if width(text, size: size) <= limit { return text }
        var kept = ""
        var width = Self.width("…", size: size)
        for character in text {
            width += Self.width(String(character), size: size)
            if width > limit { break }
            kept.append(character)
        }
        while kept.last == " " { kept.removeLast() }
        return kept + "…"
    }

    /// How wide a text is, in pixels; the size in tenths of a pixel. Fonts differ, so it is a wide one's.
    static func width(_ text: String, size: Int) -> Int {
        let thousandths = text.reduce(0) { $0 + width($1) }
        return (thousandths * size + 9_999) / 10_000
    }

    /// In thousandths of the font's size.
    private static func width(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar {
        case "i", "j", "l", "I", "'", "|", "!", ".", ",", ":", ";", " ", "`": return 310
        case "f", "r", "t", "(", ")", "[", "]", "/", "\\", "-", "\"", "J": return 390
        case "m", "w", "M", "W", "@", "%", "…", "→": return 920
        case "A"..."Z", "&", "=", "+", "<", ">", "#", "~", "{", "}", "_": return 690
        default: break
        }
        switch scalar.value {
        case 0..<0x1100: return 600
        case 0x1F000...: return 1_300
        default: return 1_050
        }
    }
}
