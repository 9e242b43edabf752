extension JSONWriter {
    /// Writes `value` over several lines, each level two spaces further in.
    mutating func pretty(_ value: JSONValue, level: Int = 0) {
        switch value {
        case .array(let elements) where !elements.isEmpty:
            bytes.append(.openBracket)
            for (position, element) in elements.enumerated() {
                breakLine(level: level + 1, afterComma: position > 0)
                pretty(element, level: level + 1)
            }
            breakLine(level: level)
            bytes.append(.closeBracket)
        case .object(let members) where !members.isEmpty:
            bytes.append(.openBrace)
            for (position, member) in members.enumerated() {
                breakLine(level: level + 1, afterComma: position > 0)
                appendQuoted(member.key)
                bytes.append(contentsOf: ": ".utf8)
                pretty(member.value, level: level + 1)
            }
            breakLine(level: level)
            bytes.append(.closeBrace)
        default:
            bytes.append(contentsOf: value.serialized().utf8)
        }
    }

    private mutating func breakLine(level: Int, afterComma: Bool = false) {
        if afterComma { bytes.append(.comma) }
        bytes.append(.newline)
        bytes.append(contentsOf: repeatElement(.space, count: 2 * level))
    }
}
