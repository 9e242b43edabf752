/// The outlines of boxes and the courses of lines.
enum SVGShape {
    static func element(of shape: Picture.Shape, in frame: Rect) -> String {
        let (left, top, right, bottom) = (frame.x, frame.y, frame.right, frame.bottom)
        let middle = (top + bottom) / 2
        switch shape {
        case .box: return rect(frame, radius: 3)
        case .rounded: return rect(frame, radius: 11)
        case .frame: return rect(frame, radius: 8)
        case .terminal, .stadium: return rect(frame, radius: frame.height / 2)
        case .bar: return rect(frame, radius: 2)
        case .subroutine:
            return rect(frame, radius: 2) + "<path d=\"M\(left + 6) \(top)V\(bottom)M\(right - 6) \(top)V\(bottom)\"/>"
        case .hexagon:
            return polygon([
                (left, middle), (left + 13, top), (right - 13, top), (right, middle), (right - 13, bottom),
                (left + 13, bottom),
            ])
        case .octagon:
            return polygon([
                (left + 11, top), (right - 11, top), (right, top + 11), (right, bottom - 11), (right - 11, bottom),
                (left + 11, bottom), (left, bottom - 11), (left, top + 11),
            ])
        case .slanted: return polygon([(left + 12, top), (right, top), (right - 12, bottom), (left, bottom)])
        case .note: return polygon([(left, top), (right - 8, top), (right, top + 8), (right, bottom), (left, bottom)])
        }
    }

    private static func rect(_ frame: Rect, radius: Int) -> String {
        "<rect x=\"\(frame.x)\" y=\"\(frame.y)\" width=\"\(frame.width)\" height=\"\(frame.height)\" rx=\"\(radius)\"/>"
    }

    private static func polygon(_ points: [(x: Int, y: Int)]) -> String {
        let list = points.map { "\($0.x),\($0.y)" }.joined(separator: " ")
        return "<polygon points=\"\(list)\"/>"
    }

    /// A path with its corners rounded, as far as the segments beside them are long enough.
    static func course(_ points: [Point]) -> String {
        guard let first = points.first, let last = points.last else { return "" }
        var path = "M\(first.x) \(first.y)"
        for index in points.indices.dropFirst().dropLast() {
            let corner = points[index]
            let before = step(from: corner, to: points[index - 1])
            let after = step(from: corner, to: points[index + 1])
            path += "L\(corner.x + before.x) \(corner.y + before.y)"
            path += "Q\(corner.x) \(corner.y) \(corner.x + after.x) \(corner.y + after.y)"
        }
        return path + "L\(last.x) \(last.y)"
    }

    private static func step(from corner: Point, to point: Point) -> Point {
        func shortened(_ length: Int) -> Int { length.signum() * min(6, abs(length) / 2) }
        return Point(x: shortened(point.x - corner.x), y: shortened(point.y - corner.y))
    }
}
