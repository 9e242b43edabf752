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
        // What undoes a step stands to its right, out of the way of what goes on.
        let ways = picture.ways.indices
        for way in ways where picture.ways[way].kind != .undo { out[picture.ways[way].from].append(way) }
        for way in ways where picture.ways[way].kind == .undo { out[picture.ways[way].from].append(way) }
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
