/// Boxes in layers, and for each line a place in every layer that it passes.
///
/// Boxes stand in the odd layers; the even ones between them, above the first and below the last have room for labels.
struct LayeredGraph {
    enum Content: Hashable {
        case node(Int)
        case line(way: Int)
        /// Where a line that leads back turns: it helps to find an order, and has no place in the end.
        case turn(way: Int)
    }

    struct Place {
        var content: Content
        var layer: Int
        /// How far it reaches to the left and to the right of where its line is.
        var left = 2
        var right = 2
        var height = 0
        /// Whether the label of its way stands here.
        var isLabelled = false

        var isNode: Bool { if case .node = content { true } else { false } }
        var isTurn: Bool { if case .turn = content { true } else { false } }
    }

    private(set) var places: [Place] = []
    /// From left to right.
    var layers: [[Int]]
    /// For each way its places, from where it starts to where it ends.
    private(set) var chains: [[Int]]
    /// The neighbours of each place in the layer above it and below it.
    private(set) var above: [[Int]] = []
    private(set) var below: [[Int]] = []
    let ways: [Picture.Way]

    init(of levels: Levels, _ walk: DepthFirstWalk, sizes: [(width: Int, height: Int)]) {
        ways = levels.picture.ways
        layers = Array(repeating: [], count: 2 * levels.count + 1)
        chains = Array(repeating: [], count: ways.count)
        for (node, size) in sizes.enumerated() {
            let half = (size.width + 1) / 2
            _ = add(
                Place(
                    content: .node(node), layer: 2 * levels.level[node] + 1, left: half, right: half,
                    height: size.height))
        }
        widenForPorts(levels)
        fill(along: walk, levels)
    }

    /// How far apart two neighbours in a layer are to be, from line to line.
    func distance(_ left: Int, _ right: Int) -> Int {
        let gap =
            switch (places[left].isNode, places[right].isNode) {
            case (true, true): 28
            case (false, false): 10
            default: 16
            }
        return places[left].right + gap + places[right].left
    }

    // MARK: Filling the layers

    private mutating func add(_ place: Place) -> Int {
        places.append(place)
        above.append([])
        below.append([])
        return places.count - 1
    }

    /// A box is wide enough for all lines that meet it.
    private mutating func widenForPorts(_ levels: Levels) {
        var incoming = Array(repeating: 0, count: places.count)
        var outgoing = incoming
        for way in ways {
            incoming[way.to] += 1
            outgoing[way.from] += 1
        }
        for (node, described) in levels.picture.nodes.enumerated() {
            let ports = max(incoming[node], outgoing[node]) - 1
            let half = (ports * Measure.portDistance + 1) / 2 + Measure.inset(of: described.shape)
            places[node].left = max(places[node].left, half)
            places[node].right = places[node].left
        }
    }

    private mutating func fill(along walk: DepthFirstWalk, _ levels: Levels) {
        var isPlaced = Array(repeating: false, count: places.count)
        for case .node(let node) in walk.events { isPlaced[node] = true }
        var later: [Int] = []
        for event in walk.events {
            switch event {
            case .node(let node): layers[places[node].layer].append(node)
            case .way(let way) where levels.leadsBack[way]: later.append(way)
            case .way(let way):
                let ends = ways[way]
                // The note that a line ends in instead of its target comes with the line.
                if !isPlaced.indices.contains(ends.to) || !isPlaced[ends.to] {
                    layers[places[ends.to].layer].append(ends.to)
                }
                let passed = (places[ends.from].layer + 1)..<places[ends.to].layer
                lead(way, through: passed.map { ($0, .line(way: way)) })
            }
        }
        for way in later {
            let (bottom, top) = (places[ways[way].from].layer, places[ways[way].to].layer)
            let lane = (top...bottom).reversed().map { ($0, Content.line(way: way)) }
            lead(way, through: [(bottom + 1, .turn(way: way))] + lane + [(top - 1, .turn(way: way))])
        }
    }

    private mutating func lead(_ way: Int, through passed: [(layer: Int, content: Content)]) {
        var chain = [ways[way].from]
        var label = Measure.label(of: ways[way])
        for (layer, content) in passed {
            var place = Place(content: content, layer: layer)
            if case .line = content, let size = label {
                place.right = size.width + 10
                place.height = size.height
                place.isLabelled = true
                label = nil
            }
            let number = add(place)
            layers[layer].append(number)
            chain.append(number)
        }
        chain.append(ways[way].to)
        for (one, other) in zip(chain, chain.dropFirst()) {
            let isDown = places[one].layer < places[other].layer
            below[isDown ? one : other].append(isDown ? other : one)
            above[isDown ? other : one].append(isDown ? one : other)
        }
        chains[way] = chain
    }

    // MARK: After the order was found

    /// The turns have done their work.
    mutating func removeTurns() {
        for layer in layers.indices { layers[layer].removeAll { places[$0].isTurn } }
        for place in places.indices {
            above[place].removeAll { places[$0].isTurn }
            below[place].removeAll { places[$0].isTurn }
        }
    }
}
