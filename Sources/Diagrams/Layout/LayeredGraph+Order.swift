// The order in each layer, so that few lines cross: sweeps down and up that put each place near the middle of its
// neighbours, then exchanges of two that stand side by side. The best order that was seen is kept.

extension LayeredGraph {
    private static let sweeps = 16
    /// Exchanges look at every pair again and again, which great pictures have no time for.
    private static let exchangeLimit = 4_000

    mutating func order() {
        var best = layers
        var fewest = Int.max
        // From the document's order, then from its mirror image, which leads elsewhere.
        for start in [layers, layers.map { $0.reversed() }] where fewest > 0 {
            layers = start
            sweep(&best, &fewest)
        }
        layers = best
        removeTurns()
    }

    private mutating func sweep(_ best: inout [[Int]], _ fewest: inout Int) {
        var position = Array(repeating: 0, count: places.count)
        for layer in layers { for (index, place) in layer.enumerated() { position[place] = index } }
        var sweep = 0
        while true {
            let count = crossings(position)
            if count < fewest { (fewest, best) = (count, layers) }
            if sweep == Self.sweeps || fewest == 0 { return }
            let isDown = sweep.isMultiple(of: 2)
            for layer in isDown ? Array(layers.indices) : layers.indices.reversed() {
                arrange(layer, by: isDown ? above : below, turningTies: sweep % 4 > 1, &position)
            }
            if places.count <= Self.exchangeLimit { exchange(&position) }
            sweep += 1
        }
    }

    /// Places with the same neighbours keep their order or, now and then, turn it round: else some crossings stay.
    private mutating func arrange(
        _ layer: Int, by neighbours: [[Int]], turningTies: Bool, _ position: inout [Int]
    ) {
        let weighed = layers[layer].map { place -> (place: Int, weight: Double, tie: Int) in
            let own = neighbours[place]
            let tie = turningTies ? -position[place] : position[place]
            guard !own.isEmpty else { return (place, Double(position[place]), tie) }
            return (place, Double(own.reduce(0) { $0 + position[$1] }) / Double(own.count), tie)
        }
        layers[layer] = weighed.sorted { ($0.weight, $0.tie) < ($1.weight, $1.tie) }.map(\.place)
        for (index, place) in layers[layer].enumerated() { position[place] = index }
    }

    private mutating func exchange(_ position: inout [Int]) {
        for _ in 0..<8 {
            var isBetter = false
            for layer in layers.indices where layers[layer].count > 1 {
                for index in 0..<(layers[layer].count - 1) {
                    let (left, right) = (layers[layer][index], layers[layer][index + 1])
                    let now =
                        Self.crossings(above[left], above[right], position)
                        + Self.crossings(below[left], below[right], position)
                    if now == 0 { continue }
                    let then =
                        Self.crossings(above[right], above[left], position)
                        + Self.crossings(below[right], below[left], position)
                    if then >= now { continue }
                    layers[layer].swapAt(index, index + 1)
                    position[left] = index + 1
                    position[right] = index
                    isBetter = true
                }
            }
            if !isBetter { return }
        }
    }

    /// How many lines cross when one place stands to the left of another, by the neighbours of both on one side.
    private static func crossings(_ left: [Int], _ right: [Int], _ position: [Int]) -> Int {
        if left.isEmpty || right.isEmpty { return 0 }
        let right = right.map { position[$0] }.sorted()
        return left.reduce(0) { count, place in
            let own = position[place]
            return count + (right.firstIndex { $0 >= own } ?? right.count)
        }
    }

    /// How many lines cross in all.
    private func crossings(_ position: [Int]) -> Int {
        var count = 0
        for (upper, lower) in zip(layers, layers.dropFirst()) {
            // A Fenwick tree of the lower ends so far: those to the right of a new one cross it.
            var tree = Array(repeating: 0, count: lower.count + 1)
            var seen = 0
            for place in upper {
                let ends = below[place].map { position[$0] }.sorted()
                for end in ends {
                    var (index, notRight) = (end + 1, 0)
                    while index > 0 {
                        notRight += tree[index]
                        index &= index - 1
                    }
                    count += seen - notRight
                }
                for end in ends {
                    var index = end + 1
                    while index < tree.count {
                        tree[index] += 1
                        index += index & -index
                    }
                }
                seen += ends.count
            }
        }
        return count
    }
}
