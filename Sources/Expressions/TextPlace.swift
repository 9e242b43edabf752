/// Where something stands in a text, as people count.
package struct TextPlace: Sendable, Hashable {
    /// Counted from 1.
    package let line: Int
    /// The Unicode scalar within its line, counted from 1.
    package let column: Int

    /// `offset` is in UTF-8 bytes.
    package init(offset: Int, in text: String) {
        let before = text.utf8.prefix(offset)
        line = before.count { $0 == .newline } + 1
        let lineStart = before.lastIndex(of: .newline).map(before.index(after:)) ?? before.startIndex
        column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
    }
}

extension TextPlace: CustomStringConvertible {
    package var description: String {
        line == 1 ? "column \(column)" : "line \(line), column \(column)"
    }
}
