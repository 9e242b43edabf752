/// A picture with everything in its place; in pixels, from the upper left corner.
struct Scene: Sendable {
    struct Box: Sendable {
        var node: Picture.Node
        var frame: Rect
        /// How many boxes it is within.
        var depth = 0
    }

    struct Line: Sendable {
        var way: Picture.Way
        /// From one border to the other, each segment level or upright.
        var points: [Point]
        var depth = 0
    }

    struct Label: Sendable {
        var lines: [String]
        var frame: Rect
        var kind: Picture.Way.Kind
    }

    var width = 0
    var height = 0
    /// Outer ones first.
    var boxes: [Box] = []
    var lines: [Line] = []
    var labels: [Label] = []

    mutating func add(_ scene: Scene, at origin: Point, depth: Int = 0) {
        boxes += scene.boxes.map {
            Box(node: $0.node, frame: $0.frame.moved(by: origin), depth: $0.depth + depth)
        }
        lines += scene.lines.map {
            Line(way: $0.way, points: $0.points.map { $0.moved(by: origin) }, depth: $0.depth + depth)
        }
        labels += scene.labels.map {
            Label(lines: $0.lines, frame: $0.frame.moved(by: origin), kind: $0.kind)
        }
    }
}

struct Point: Sendable, Hashable {
    var x: Int
    var y: Int

    func moved(by offset: Point) -> Point { Point(x: x + offset.x, y: y + offset.y) }
}

struct Rect: Sendable, Hashable {
    var x: Int
    var y: Int
    var width: Int
    var height: Int

    var right: Int { x + width }
    var bottom: Int { y + height }

    func moved(by offset: Point) -> Rect { Rect(x: x + offset.x, y: y + offset.y, width: width, height: height) }
}
