@testable import Diagrams

/// Looks at a scene as somebody would, and tells whatever lies upon something else.
enum Geometry {
    static func faults(of scene: Scene) -> [String] {
        let whole = Rect(x: 0, y: 0, width: scene.width, height: scene.height)
        return outside(whole, of: scene) + boxes(scene) + labels(scene) + lines(scene)
    }

    /// How often lines cross.
    static func crossings(in scene: Scene) -> Int {
        var count = 0
        for (index, line) in scene.lines.enumerated() {
            for other in scene.lines[(index + 1)...] {
                for segment in line.segments { count += other.segments.count { $0.crosses(segment) } }
            }
        }
        return count
    }

    private static func outside(_ whole: Rect, of scene: Scene) -> [String] {
        let boxes = scene.boxes.filter { !whole.contains($0.frame) }.map { "outside: \($0.told)" }
        let labels = scene.labels.filter { !whole.contains($0.frame) }.map { "outside: \($0.lines)" }
        let points = scene.lines.flatMap(\.points).filter { !whole.contains($0) }.map { "outside: \($0)" }
        return boxes + labels + points
    }

    /// Two boxes are apart, or one is well within the other, which then has a picture inside.
    private static func boxes(_ scene: Scene) -> [String] {
        var faults: [String] = []
        for (index, one) in scene.boxes.enumerated() {
            for other in scene.boxes[(index + 1)...] where one.frame.overlaps(other.frame, clearance: 6) {
                let (outer, inner) = one.depth < other.depth ? (one, other) : (other, one)
                let isWithin = outer.depth < inner.depth && outer.node.inside != nil
                if !isWithin || !outer.frame.contains(inner.frame) {
                    faults.append("\(one.told) overlaps \(other.told)")
                }
            }
        }
        return faults
    }

    private static func labels(_ scene: Scene) -> [String] {
        var faults: [String] = []
        for (index, label) in scene.labels.enumerated() {
            for other in scene.labels[(index + 1)...] where label.frame.overlaps(other.frame, clearance: 0) {
                faults.append("\(label.lines) overlaps \(other.lines)")
            }
            for box in scene.boxes {
                let isWithin = box.node.inside != nil && box.frame.contains(label.frame)
                if !isWithin && label.frame.overlaps(box.frame, clearance: 0) {
                    faults.append("\(label.lines) overlaps \(box.told)")
                }
            }
            for line in scene.lines {
                for segment in line.segments where label.frame.overlaps(segment, clearance: 0) {
                    faults.append("\(label.lines) lies on a line from \(line.points)")
                }
            }
        }
        return faults
    }

    /// Lines end at the borders of their boxes, come from below and in from above, run through no box, and lie upon no
    /// other line.
    private static func lines(_ scene: Scene) -> [String] {
        var faults: [String] = []
        for line in scene.lines {
            let (first, last) = (line.points[0], line.points[line.points.count - 1])
            let boxes = scene.boxes.filter { $0.depth == line.depth }
            if !boxes.contains(where: { $0.frame.bottom == first.y && $0.frame.spans(first.x) }) {
                faults.append("starts at no box: \(line.points)")
            }
            if !boxes.contains(where: { $0.frame.y == last.y && $0.frame.spans(last.x) }) {
                faults.append("ends at no box: \(line.points)")
            }
            for segment in line.segments {
                for box in boxes where box.frame.shrunk.overlaps(segment, clearance: 0) {
                    faults.append("\(line.points) runs through \(box.told)")
                }
            }
            for (one, other) in zip(line.points, line.points.dropFirst()) where one.x != other.x && one.y != other.y {
                faults.append("neither level nor upright: \(line.points)")
            }
        }
        for (index, line) in scene.lines.enumerated() {
            for other in scene.lines[(index + 1)...] where other.depth == line.depth {
                for segment in line.segments {
                    for rival in other.segments where segment.liesAlong(rival) {
                        faults.append("\(line.points) lies along \(other.points)")
                    }
                }
            }
        }
        return faults
    }
}

extension Scene.Box {
    fileprivate var told: String { "\(node.name) at \(frame)" }
}

extension Scene.Line {
    fileprivate var segments: [Rect] {
        zip(points, points.dropFirst()).map { one, other in
            Rect(
                x: min(one.x, other.x), y: min(one.y, other.y), width: abs(one.x - other.x),
                height: abs(one.y - other.y))
        }
    }
}

extension Rect {
    fileprivate func contains(_ other: Rect) -> Bool {
        x <= other.x && y <= other.y && right >= other.right && bottom >= other.bottom
    }

    fileprivate func contains(_ point: Point) -> Bool {
        (x...right).contains(point.x) && (y...bottom).contains(point.y)
    }

    fileprivate func spans(_ x: Int) -> Bool { (self.x...right).contains(x) }

    fileprivate func overlaps(_ other: Rect, clearance: Int) -> Bool {
        x - clearance < other.right && other.x < right + clearance && y - clearance < other.bottom
            && other.y < bottom + clearance
    }

    /// Without its border.
    fileprivate var shrunk: Rect { Rect(x: x + 1, y: y + 1, width: width - 2, height: height - 2) }

    /// Whether two segments of different direction meet within both.
    fileprivate func crosses(_ other: Rect) -> Bool {
        let isUpright = width == 0
        if isUpright == (other.width == 0) { return false }
        let (upright, level) = isUpright ? (self, other) : (other, self)
        return level.x < upright.x && upright.x < level.right && upright.y < level.y && level.y < upright.bottom
    }

    /// Whether two segments of the same direction look like one.
    fileprivate func liesAlong(_ other: Rect) -> Bool {
        let nearness = 3
        if width == 0 && other.width == 0 {
            return abs(x - other.x) < nearness && y < other.bottom && other.y < bottom
        }
        if height == 0 && other.height == 0 {
            return abs(y - other.y) < nearness && x < other.right && other.x < right
        }
        return false
    }
}
