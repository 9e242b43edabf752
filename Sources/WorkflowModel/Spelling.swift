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

    /// The Levenshtein distance, letter case ignored; beyond `limit` merely more than it.
    private static func distance(_ left: String, _ right: String, limit: Int) -> Int {
        let (from, to) = (Array(left.lowercased().utf8), Array(right.lowercased().utf8))
        guard abs(from.count - to.count) <= limit else { return limit + 1 }
        var row = Array(0...to.count)
        for (index, letter) in from.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in to.indices {
                let substituted = diagonal + (letter == to[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substituted, diagonal + 1, row[column] + 1)
            }
        }
        return row[to.count]
    }
}

extension String {
    /// Its beginning, for a sentence about it.
    var excerpt: String {
        utf8.count > 80 ? prefix(60) + "…" : self
    }
}
