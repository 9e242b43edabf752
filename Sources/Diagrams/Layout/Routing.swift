/// The course of each line, and the y of everything.
struct Routing {
    private let graph: LayeredGraph
    /// The x of each place; of a box, its middle.
    private let x: [Int]
    /// How far each box reaches to the left and to the right of that.
    private var reach: [(left: Int, right: Int)]
    /// Where each way leaves its box and enters the other.
    private var out: [Int]
    private var into: [Int]
    /// Below each layer.
    private var channels: [Tracks]
    /// For each way and each step of its chain the piece it has in the channel it goes through, if it is not straight.
    private var pieces: [[Int?]]

    init(of graph: LayeredGraph, at x: [Int]) {
        self.graph = graph
        self.x = x
        reach = graph.places.map { ($0.left, $0.right) }
        out = Array(repeating: 0, count: graph.ways.count)
        into = out
        channels = Array(repeating: Tracks(), count: graph.layers.count)
        pieces = Array(repeating: [], count: graph.ways.count)
    }

    func scene(of picture: Picture) -> Scene {
        var routing = self
        routing.stretchBars(of: picture)
        routing.choosePorts(of: picture)
        routing.chooseTracks()
        return routing.draw(picture)
    }

    // MARK: Across

    /// The next place of a way's chain after its start, or before its end, that is no turn.
    private func neighbour(of way: Int, atStart: Bool) -> (place: Int, turns: Bool) {
        let chain = graph.chains[way]
        let next = chain[atStart ? 1 : chain.count - 2]
        if !graph.places[next].isTurn { return (next, false) }
        return (chain[atStart ? 2 : chain.count - 3], true)
    }

    /// The bars of a fork reach over all its branches.
    private mutating func stretchBars(of picture: Picture) {
        for (way, ends) in graph.ways.enumerated() {
            for (node, atStart) in [(ends.from, true), (ends.to, false)] {
                guard case .bar = picture.nodes[node].shape else { continue }
                let offset = x[neighbour(of: way, atStart: atStart).place] - x[node]
                reach[node].left = max(reach[node].left, 12 - offset)
                reach[node].right = max(reach[node].right, 12 + offset)
            }
        }
    }

    private mutating func choosePorts(of picture: Picture) {
        var leaving = Array(repeating: [Int](), count: picture.nodes.count)
        var entering = leaving
        for (way, ends) in graph.ways.enumerated() {
            leaving[ends.from].append(way)
            entering[ends.to].append(way)
        }
        for (node, described) in picture.nodes.enumerated() {
            let inset = Measure.inset(of: described.shape)
            let range = (x[node] - reach[node].left + inset)...(x[node] + reach[node].right - inset)
            for (ways, atStart) in [(leaving[node], true), (entering[node], false)] {
                let lines = ways.map { way in
                    let next = neighbour(of: way, atStart: atStart)
                    return Ports.Line(x: x[next.place], turns: next.turns)
                }
                let places = Ports.places(for: lines, middle: x[node], within: range)
                for (way, place) in zip(ways, places) {
                    if atStart { out[way] = place } else { into[way] = place }
                }
            }
        }
    }

    private mutating func chooseTracks() {
        for way in graph.ways.indices {
            let chain = graph.chains[way]
            let lines = lines(of: way)
            pieces[way] = Array(repeating: nil, count: chain.count)
            var index = 0
            while index < chain.count - 1 {
                let (here, next) = (graph.places[chain[index]], graph.places[chain[index + 1]])
                if next.isTurn {
                    let ends = [lines[index], lines[index + 2]]
                    let isBelow = next.layer > here.layer
                    let piece = isBelow ? Tracks.Piece(up: ends) : Tracks.Piece(down: ends)
                    pieces[way][index] = channels[min(here.layer, next.layer)].add(piece)
                    index += 2
                    continue
                }
                if lines[index] != lines[index + 1] {
                    let isDown = next.layer > here.layer
                    let (up, down) = isDown ? (lines[index], lines[index + 1]) : (lines[index + 1], lines[index])
                    pieces[way][index] = channels[min(here.layer, next.layer)].add(
                        Tracks.Piece(up: [up], down: [down]))
                }
                index += 1
            }
        }
        for channel in channels.indices { channels[channel].assign() }
    }

    /// The x of a way at each place of its chain.
    private func lines(of way: Int) -> [Int] {
        var lines = graph.chains[way].map { x[$0] }
        lines[0] = out[way]
        lines[lines.count - 1] = into[way]
        return lines
    }

    // MARK: Down

    private func draw(_ picture: Picture) -> Scene {
        let heights = graph.layers.map { layer in layer.map { graph.places[$0].height }.max() ?? 0 }
        var tops: [Int] = []
        var y = 0
        for (layer, height) in heights.enumerated() {
            tops.append(y)
            y += height + self.height(ofChannel: layer)
        }
        var scene = Scene()
        scene.height = y
        func top(of place: Int) -> Int {
            let layer = graph.places[place].layer
            return tops[layer] + (heights[layer] - graph.places[place].height) / 2
        }
        for (node, described) in picture.nodes.enumerated() {
            let frame = Rect(
                x: x[node] - reach[node].left, y: top(of: node), width: reach[node].left + reach[node].right,
                height: graph.places[node].height)
            scene.boxes.append(Scene.Box(node: described, frame: frame))
        }
        for (way, described) in graph.ways.enumerated() {
            let start = top(of: described.from) + graph.places[described.from].height
            let points = course(of: way, from: start, to: top(of: described.to)) { layer, track in
                tops[layer] + heights[layer] + trackMargin(ofChannel: layer) + track * Self.trackDistance
            }
            scene.lines.append(Scene.Line(way: described, points: points))
            guard let label = Measure.label(of: described),
                let place = graph.chains[way].first(where: { graph.places[$0].isLabelled })
            else { continue }
            let frame = Rect(x: x[place] + 6, y: top(of: place), width: label.width, height: label.height)
            scene.labels.append(Scene.Label(lines: label.lines, frame: frame, kind: described.kind))
        }
        scene.width = graph.layers.joined().map { x[$0] + graph.places[$0].right }.max() ?? 0
        return scene
    }

    private func course(of way: Int, from start: Int, to end: Int, y: (Int, Int) -> Int) -> [Point] {
        let chain = graph.chains[way]
        let lines = lines(of: way)
        var points = [Point(x: lines[0], y: start)]
        for (index, piece) in pieces[way].enumerated() {
            guard let piece else { continue }
            let next = graph.places[chain[index + 1]]
            let channel = min(graph.places[chain[index]].layer, next.layer)
            let level = y(channel, channels[channel].pieces[piece].track)
            points.append(Point(x: lines[index], y: level))
            points.append(Point(x: lines[next.isTurn ? index + 2 : index + 1], y: level))
        }
        points.append(Point(x: lines[lines.count - 1], y: end))
        return points
    }

    private static let trackDistance = 9

    /// Boxes stand below every second channel, and an arrow needs room above them.
    private func isAboveBoxes(_ channel: Int) -> Bool { channel.isMultiple(of: 2) }

    private func trackMargin(ofChannel channel: Int) -> Int {
        channel == 0 ? 2 : isAboveBoxes(channel) ? 8 : 10
    }

    private func height(ofChannel channel: Int) -> Int {
        let tracks = channels[channel].count
        if tracks == 0 {
            if channel == 0 || channel >= graph.layers.count - 2 { return 0 }
            return isAboveBoxes(channel) ? 18 : 8
        }
        return trackMargin(ofChannel: channel) + (tracks - 1) * Self.trackDistance + (isAboveBoxes(channel) ? 18 : 6)
    }
}
