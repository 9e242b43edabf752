/// The parts of a picture that no way connects; they stand side by side.
enum Components {
    /// Each with the numbers its nodes have in the whole.
    static func of(_ picture: Picture) -> [(picture: Picture, nodes: [Int])] {
        var leader = Array(picture.nodes.indices)
        func find(_ node: Int) -> Int {
            var node = node
            while leader[node] != node {
                leader[node] = leader[leader[node]]
                node = leader[node]
            }
            return node
        }
        for way in picture.ways {
            let (a, b) = (find(way.from), find(way.to))
            leader[max(a, b)] = min(a, b)
        }
        var parts: [(picture: Picture, nodes: [Int])] = []
        var partOf: [Int: Int] = [:]
        var places = Array(repeating: 0, count: picture.nodes.count)
        for node in picture.nodes.indices {
            let leader = find(node)
            let part = partOf[leader] ?? parts.count
            if part == parts.count {
                partOf[leader] = part
                parts.append((Picture(), []))
            }
            places[node] = parts[part].picture.add(picture.nodes[node])
            parts[part].nodes.append(node)
        }
        for var way in picture.ways {
            guard let part = partOf[find(way.from)] else { continue }
            way.from = places[way.from]
            way.to = places[way.to]
            parts[part].picture.add(way)
        }
        return parts
    }
}
