/// Finds what somebody probably meant.
enum Suggestion {
    /// The candidate that the fewest slips of a finger lead to, when they are few for a word of this length.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let best = candidates.map { (slips(from: word, to: $0), $0) }.min { $0.0 < $1.0 }
        guard let best, best.0 <= max(1, word.count / 3) else { return nil }
        return best.1
    }

    /// How many letters must be put in, left out, replaced or swapped with their neighbour.
    private static func slips(from word: String, to other: String) -> Int {
        let (source, target) = (Array(word.lowercased()), Array(other.lowercased()))
        var rows = [Array(0...target.count)]
        for (line, letter) in source.enumerated() {
            var row = [line + 1]
            for (column, wanted) in target.enumerated() {
                let replaced = rows[line][column] + (letter == wanted ? 0 : 1)
                var least = min(replaced, rows[line][column + 1] + 1, row[column] + 1)
                if line > 0, column > 0, letter == target[column - 1], source[line - 1] == wanted {
                    least = min(least, rows[line - 1][column - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[source.count][target.count]
    }
}
