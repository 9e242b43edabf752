package struct Cell: Sendable, Hashable {
    package var text: String
    package var style: Style

    package init(_ text: String, _ style: Style = .plain) {
        self.text = text
        self.style = style
    }
}

/// Rows whose columns stand under each other.
package struct Table: Sendable {
    package var rows: [[Cell]] = []

    package init(rows: [[Cell]] = []) { self.rows = rows }

    /// Each row as a line, two spaces between columns and none at the end.
    package func lines(indent: Int = 0, isColored: Bool = false) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].text.count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let filled = row.lastIndex { !$0.text.isEmpty } ?? -1
            var line = String(repeating: " ", count: indent)
            for (column, cell) in row.prefix(filled + 1).enumerated() {
                line += cell.style.apply(to: cell.text, isColored: isColored)
                if column < filled {
                    line += String(repeating: " ", count: widths[column] - cell.text.count + 2)
                }
            }
            return line
        }
    }
}
