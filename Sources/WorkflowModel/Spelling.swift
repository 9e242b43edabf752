/// Finds what somebody probably meant.
package enum Spelling {
    /// What is longer than this is no name that somebody typed.
    private static let longestWord = 128

    /// The nearest of the candidates, if it is near enough to be a slip.
    package static func nearest(to word: String, among candidates: [String]) -> String? {
        guard word.utf8.count <= longestWord else { return nil }
        let limit = max(1, word.count / 3)
        let words = candidates.filter { $0.utf8.count <= longestWord }
        let ranked = words.map { (candidate: $0, distance: distance(word, $0, limit: limit)) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= limit else { return nil }
        return best.candidate
    }

    /// How many letters are wrong, missing, too many or exchanged with their neighbour, letter case ignored; beyond
    /// `limit` merely more than it.
    private static func distance(_ left: String, _ right: String, limit: Int) -> Int {
        let (from, to) = (Array(left.lowercased().utf8), Array(right.lowercased().utf8))
        guard abs(from.count - to.count) <= limit else { return limit + 1 }
        var beforeLast: [Int] = []
        var last = Array(0...to.count)
        for (index, letter) in from.enumerated() {
            var row = [index + 1]
            for column in to.indices {
                var least = min(last[column] + (letter == to[column] ? 0 : 1), last[column + 1] + 1, row[column] + 1)
                if index > 0, column > 0, letter == to[column - 1], from[index - 1] == to[column] {
                    least = min(least, beforeLast[column - 1] + 1)
                }
                row.append(least)
            }
            (beforeLast, last) = (last, row)
        }
        return last[to.count]
    }
}

extension String {
    /// Its beginning, for a sentence about it.
    var excerpt: String {
        utf8.count > 80 ? prefix(60) + "…" : self
    }
}
