/// A walk through a picture from its first node on, along the ways in their order: it tells which ways lead back, and
/// gives the order in which nodes and ways are first thought of as lying side by side.
struct DepthFirstWalk {
    enum Event {
        case node(Int)
        case way(Int)
    }

    private(set) var events: [Event] = []
    /// For each way, whether it closes a loop.
    private(set) var leadsBack: [Bool]

    init(of picture: Picture) {
        leadsBack = Array(repeating: false, count: picture.ways.count)
        var out = Array(repeating: [Int](), count: picture.nodes.count)
        for (way, ends) in picture.ways.enumerated() { out[ends.from].append(way) }
        var seen = Array(repeating: false, count: picture.nodes.count)
        var isOpen = seen
        for root in picture.nodes.indices where !seen[root] {
            var stack = [(node: root, next: 0)]
            seen[root] = true
            isOpen[root] = true
            events.append(.node(root))
            while let (node, next) = stack.last {
                guard next < out[node].count else {
                    isOpen[node] = false
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                let way = out[node][next]
                let target = picture.ways[way].to
                events.append(.way(way))
                leadsBack[way] = isOpen[target]
                if seen[target] { continue }
                seen[target] = true
                isOpen[target] = true
                events.append(.node(target))
                stack.append((target, 0))
            }
        }
    }
}
