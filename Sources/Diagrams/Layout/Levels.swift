/// On which level each box stands: below all that lead to it, ways that lead back aside.
struct Levels {
    /// How many layers all lines together may pass; the longest beyond that end in a note with their target's name.
    private static let budget = 40_000

    private(set) var picture: Picture
    private(set) var level: [Int]
    private(set) var leadsBack: [Bool]
    private(set) var count = 0

    init(of picture: Picture, _ walk: DepthFirstWalk) {
        self.picture = picture
        leadsBack = walk.leadsBack
        level = Array(repeating: 0, count: picture.nodes.count)
        assign()
        shorten()
        count = (level.max() ?? 0) + 1
    }

    private mutating func assign() {
        var out = Array(repeating: [Int](), count: picture.nodes.count)
        var waiting = Array(repeating: 0, count: picture.nodes.count)
        for (way, ends) in picture.ways.enumerated() where !leadsBack[way] {
            out[ends.from].append(ends.to)
            waiting[ends.to] += 1
        }
        var ready = picture.nodes.indices.filter { waiting[$0] == 0 }
        while let node = ready.popLast() {
            for target in out[node] {
                level[target] = max(level[target], level[node] + 1)
                waiting[target] -= 1
                if waiting[target] == 0 { ready.append(target) }
            }
        }
    }

    private mutating func shorten() {
        let lengths = picture.ways.map { abs(level[$0.to] - level[$0.from]) * 2 + 1 }
        var total = lengths.reduce(0, +)
        guard total > Self.budget else { return }
        for way in picture.ways.indices.sorted(by: { (lengths[$0], $1) > (lengths[$1], $0) }) {
            if total <= Self.budget { return }
            total -= lengths[way] - 3
            let ends = picture.ways[way]
            level.append(level[ends.from] + 1)
            leadsBack[way] = false
            picture.ways[way].to = picture.add(
                Picture.Node(shape: .note, name: "→ \(picture.nodes[ends.to].name)"))
        }
    }
}
