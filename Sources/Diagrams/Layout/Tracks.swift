/// The room between two layers: every line that changes its x there gets a level track there.
struct Tracks {
    /// A level piece of a line, and the x of each end from which it goes on up or down.
    struct Piece {
        let up: [Int]
        let down: [Int]
        fileprivate let from: Int
        fileprivate let to: Int
        fileprivate(set) var track = 0

        init(up: [Int] = [], down: [Int] = []) {
            self.up = up
            self.down = down
            from = (up + down).min() ?? 0
            to = (up + down).max() ?? 0
        }
    }

    /// Two lines nearer than this look like one.
    private static let clearance = 6
    /// What it costs that two upright pieces lie upon each other, in crossings.
    private static let overlapCost = 1_000

    private(set) var pieces: [Piece] = []
    private(set) var count = 0

    /// Its number.
    mutating func add(_ piece: Piece) -> Int {
        pieces.append(piece)
        return pieces.count - 1
    }

    /// Gives each piece its track, counted from above: one lies above another where that makes fewer crossings.
    mutating func assign() {
        let spans = pieces.map { ($0.from - Self.clearance)...($0.to + Self.clearance) }
        // What must lie above and below each, and how much depends on it.
        var below = Array(repeating: [(piece: Int, gain: Int)](), count: pieces.count)
        var burden = Array(repeating: 0, count: pieces.count)
        var rivals = Array(repeating: [Int](), count: pieces.count)
        let byStart = pieces.indices.sorted { (spans[$0].lowerBound, $0) < (spans[$1].lowerBound, $1) }
        for (index, one) in byStart.enumerated() {
            for other in byStart[(index + 1)...] {
                if spans[other].lowerBound > spans[one].upperBound { break }
                rivals[one].append(other)
                rivals[other].append(one)
                let gain = cost(of: other, above: one) - cost(of: one, above: other)
                if gain == 0 { continue }
                let (upper, lower) = gain > 0 ? (one, other) : (other, one)
                below[upper].append((lower, abs(gain)))
                burden[lower] += abs(gain)
            }
        }
        var isDone = Array(repeating: false, count: pieces.count)
        for _ in pieces {
            // Whatever nothing must lie above; in a circle, what the least depends on.
            var next = -1
            for piece in byStart where !isDone[piece] && (next < 0 || burden[piece] < burden[next]) { next = piece }
            isDone[next] = true
            for (lower, gain) in below[next] { burden[lower] -= gain }
            let taken = rivals[next].filter { isDone[$0] }.map { pieces[$0].track + 1 }
            pieces[next].track = taken.max() ?? 0
            count = max(count, pieces[next].track + 1)
        }
    }

    /// How many crossings there are between two pieces of which the first lies above the second.
    private func cost(of upper: Int, above lower: Int) -> Int {
        let (upper, lower) = (pieces[upper], pieces[lower])
        var cost = 0
        for x in lower.up where upper.from < x && x < upper.to { cost += 1 }
        for x in upper.down where lower.from < x && x < lower.to { cost += 1 }
        for x in lower.up {
            for end in upper.down where abs(x - end) < Self.clearance { cost += Self.overlapCost }
        }
        return cost
    }
}
