/// The x of each place. Places that one straight line runs through make a column and move together; columns are pushed
/// apart as their neighbours demand, and then each goes to the middle of what it is connected to.
struct Positions {
    private struct Column {
        /// Each neighbour column, and how far away it is to be at least.
        var left: [(column: Int, distance: Int)] = []
        var right: [(column: Int, distance: Int)] = []
        /// What draws it to itself.
        var pulls: [(column: Int, weight: Int)] = []
        var x = 0
    }

    private static let rounds = 24

    private(set) var x: [Int]

    init(of graph: LayeredGraph) {
        let column = Self.columns(of: graph)
        var columns = Array(repeating: Column(), count: (column.max() ?? -1) + 1)
        for layer in graph.layers {
            for (left, right) in zip(layer, layer.dropFirst()) {
                let distance = graph.distance(left, right)
                columns[column[left]].right.append((column[right], distance))
                columns[column[right]].left.append((column[left], distance))
            }
        }
        for (way, chain) in graph.chains.enumerated() {
            let weight = Self.weight(of: graph.ways[way].kind)
            let chain = chain.filter { !graph.places[$0].isTurn }
            for (one, other) in zip(chain, chain.dropFirst()) where column[one] != column[other] {
                columns[column[one]].pulls.append((column[other], weight))
                columns[column[other]].pulls.append((column[one], weight))
            }
        }
        Self.settle(&columns)
        x = column.map { $0 < 0 ? 0 : columns[$0].x }
        let leftmost = graph.layers.joined().map { x[$0] - graph.places[$0].left }.min() ?? 0
        for place in x.indices { x[place] -= leftmost }
    }

    private static func weight(of kind: Picture.Way.Kind) -> Int {
        switch kind {
        case .next: 4
        case .error: 2
        case .undo: 1
        }
    }

    // MARK: Columns

    private struct Link {
        var upper: Int
        var lower: Int
        var priority: Int
        /// How far it is from the middle of the links of both its ends; twice that, so that it is whole.
        var excentricity: Int
    }

    /// The number of each place's column; -1 for what has none.
    private static func columns(of graph: LayeredGraph) -> [Int] {
        var position = Array(repeating: 0, count: graph.places.count)
        for layer in graph.layers { for (index, place) in layer.enumerated() { position[place] = index } }
        var upper = Array(repeating: -1, count: graph.places.count)
        var lower = upper
        for link in links(of: graph, position) where lower[link.upper] < 0 && upper[link.lower] < 0 {
            let layer = graph.places[link.upper].layer
            if crosses(link, lower, graph.layers[layer], position) { continue }
            lower[link.upper] = link.lower
            upper[link.lower] = link.upper
        }
        var column = Array(repeating: -1, count: graph.places.count)
        var count = 0
        for place in graph.layers.joined() where upper[place] < 0 {
            var next = place
            while next >= 0 {
                column[next] = count
                next = lower[next]
            }
            count += 1
        }
        return column
    }

    /// Those that deserve most to be straight first.
    private static func links(of graph: LayeredGraph, _ position: [Int]) -> [Link] {
        var links: [Link] = []
        for (way, chain) in graph.chains.enumerated() {
            let chain = chain.filter { !graph.places[$0].isTurn }
            for (one, other) in zip(chain, chain.dropFirst()) {
                let (first, second) = (graph.places[one], graph.places[other])
                if first.layer == second.layer { continue }
                let isDown = first.layer < second.layer
                let (top, bottom) = isDown ? (one, other) : (other, one)
                var priority = weight(of: graph.ways[way].kind)
                if !first.isNode && !second.isNode { priority += 10 }
                let below = graph.below[top].map { position[$0] }
                let above = graph.above[bottom].map { position[$0] }
                links.append(
                    Link(
                        upper: top, lower: bottom, priority: priority,
                        excentricity: excentricity(of: position[bottom], in: below)
                            + excentricity(of: position[top], in: above)))
            }
        }
        let order = links.indices.sorted { one, other in
            (links[other].priority, links[one].excentricity, one)
                < (links[one].priority, links[other].excentricity, other)
        }
        return order.map { links[$0] }
    }

    private static func excentricity(of position: Int, in all: [Int]) -> Int {
        let before = all.count { $0 < position }
        let after = all.count { $0 > position }
        return abs(before - after)
    }

    private static func crosses(_ link: Link, _ lower: [Int], _ layer: [Int], _ position: [Int]) -> Bool {
        let (from, to) = (position[link.upper], position[link.lower])
        let left = layer[..<from].last { lower[$0] >= 0 }
        if let left, position[lower[left]] > to { return true }
        let right = layer[(from + 1)...].first { lower[$0] >= 0 }
        if let right, position[lower[right]] < to { return true }
        return false
    }

    // MARK: Their x

    private static func settle(_ columns: inout [Column]) {
        let order = leftToRight(columns)
        for column in order {
            columns[column].x = columns[column].left.map { columns[$0.column].x + $0.distance }.max() ?? 0
        }
        for round in 0..<rounds {
            for column in round.isMultiple(of: 2) ? order.reversed() : order {
                let own = columns[column]
                guard let wish = middle(of: own.pulls.map { (columns[$0.column].x, $0.weight) }, near: own.x)
                else { continue }
                let least = own.left.map { columns[$0.column].x + $0.distance }.max() ?? wish
                let most = own.right.map { columns[$0.column].x - $0.distance }.min() ?? wish
                columns[column].x = max(least, min(most, wish))
            }
        }
    }

    /// No column comes before one that stands to its left somewhere. They never cross, so there is such an order.
    private static func leftToRight(_ columns: [Column]) -> [Int] {
        var waiting = columns.map(\.left.count)
        var ready = columns.indices.reversed().filter { waiting[$0] == 0 }
        var order: [Int] = []
        while let column = ready.popLast() {
            order.append(column)
            for (next, _) in columns[column].right {
                waiting[next] -= 1
                if waiting[next] == 0 { ready.append(next) }
            }
        }
        return order
    }

    /// The weighted median; where it is a range, what of that is nearest.
    private static func middle(of pulls: [(x: Int, weight: Int)], near x: Int) -> Int? {
        let sorted = pulls.sorted { $0.x < $1.x }
        let total = sorted.reduce(0) { $0 + $1.weight }
        var sum = 0
        for (index, pull) in sorted.enumerated() {
            sum += pull.weight
            if sum * 2 > total { return pull.x }
            if sum * 2 == total { return max(pull.x, min(sorted[index + 1].x, x)) }
        }
        return nil
    }
}
