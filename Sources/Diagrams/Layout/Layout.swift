// A picture is laid out from the inside to the outside: a box that has a picture inside is as great as that one. Each
// picture falls into its components, and each of those goes through the steps of Sugiyama's method:
//
//     turn the ways that lead back → put each box on a level → order each layer so that few lines cross
//     → choose the x of each box and bend → give each line its track between the layers
//
// Lines are level or upright, leave a box below and come in from above; one that leads back goes up beside the boxes.
// A label has a place of its own in a layer, to the right of its line, so nothing ever runs into it.

enum Layout {
    private static let componentDistance = 40

    static func scene(of picture: Picture) -> Scene {
        var insides: [Scene?] = []
        var sizes: [(width: Int, height: Int)] = []
        for node in picture.nodes {
            let inside = node.inside.map { Layout.scene(of: $0) }
            var size = Measure.size(of: node)
            if let inside {
                let offset = Measure.stackOffset(of: node)
                size.width = max(size.width, inside.width + 2 * Measure.framePadding + offset)
                size.height = Measure.frameTitle + inside.height + Measure.framePadding + offset
            }
            insides.append(inside)
            sizes.append(size)
        }
        var scene = Scene()
        for part in Components.of(picture) {
            var component = self.scene(of: part.picture, sizes: part.nodes.map { sizes[$0] })
            for (place, node) in part.nodes.enumerated() {
                guard let inside = insides[node] else { continue }
                let frame = component.boxes[place].frame
                let free = frame.width - Measure.stackOffset(of: picture.nodes[node]) - inside.width
                let origin = Point(x: frame.x + free / 2, y: frame.y + Measure.frameTitle)
                component.add(inside, at: origin, depth: 1)
            }
            let x = scene.width + (scene.boxes.isEmpty ? 0 : componentDistance)
            scene.add(component, at: Point(x: x, y: 0))
            scene.width = x + component.width
            scene.height = max(scene.height, component.height)
        }
        return scene
    }

    /// One component: its boxes in the order of its nodes, and what stands for ways too long to draw after them.
    private static func scene(of picture: Picture, sizes: [(width: Int, height: Int)]) -> Scene {
        let walk = DepthFirstWalk(of: picture)
        let levels = Levels(of: picture, walk)
        let sizes = sizes + levels.picture.nodes.dropFirst(sizes.count).map(Measure.size(of:))
        var graph = LayeredGraph(of: levels, walk, sizes: sizes)
        graph.order()
        let positions = Positions(of: graph)
        return Routing(of: graph, at: positions.x).scene(of: levels.picture)
    }
}
