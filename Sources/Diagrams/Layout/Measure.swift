/// How great things are, in pixels; sizes of fonts in tenths of them.
enum Measure {
    static let nameSize = 130
    static let captionSize = 105
    static let labelSize = 105
    static let labelLineHeight = 14
    static let labelLines = 3
    /// What stands inside a frame keeps clear of it.
    static let framePadding = 16
    static let frameTitle = 30
    /// How far a stack of frames shows beneath its first.
    static let stackOffset = 8
    /// Between lines that meet a box beside one another.
    static let portDistance = 10
    static let markWidth = 18

    /// The size of a box, without what stands inside it.
    static func size(of node: Picture.Node) -> (width: Int, height: Int) {
        let name = Words.width(name(of: node), size: nameSize) + (node.mark == nil ? 0 : markWidth)
        switch node.shape {
        case .terminal: return (max(name + 20, 56), 26)
        case .bar: return (48, 6)
        case .note: return (name + 24, 28)
        case .frame:
            let caption = Words.width(caption(of: node), size: captionSize)
            return (name + caption + 3 * framePadding + stackOffset(of: node), frameTitle)
        default:
            let caption = Words.width(caption(of: node), size: captionSize)
            return (max(name, caption, 64) + 2 * (inset(of: node.shape) + 12), 44)
        }
    }

    static func stackOffset(of node: Picture.Node) -> Int {
        node.shape == .frame(.stack) ? stackOffset : 0
    }

    /// How far from its corners a shape's upper and lower borders are level.
    static func inset(of shape: Picture.Shape) -> Int {
        switch shape {
        case .hexagon, .stadium, .slanted: 14
        case .octagon, .terminal: 12
        case .rounded, .subroutine: 10
        case .frame: 12
        case .box, .note: 6
        case .bar: 4
        }
    }

    /// What a line's label looks like: few lines, none of them long.
    static func label(of way: Picture.Way) -> (lines: [String], width: Int, height: Int)? {
        guard !way.label.isEmpty else { return nil }
        var lines = way.label.prefix(labelLines).map { Words.cut($0, to: 220, size: labelSize) }
        if way.label.count > labelLines { lines[labelLines - 1] = "… \(way.label.count - labelLines + 1) more" }
        let width = lines.map { Words.width($0, size: labelSize) }.max() ?? 0
        return (lines, width, lines.count * labelLineHeight)
    }

    static func name(of node: Picture.Node) -> String {
        let times = node.mark.map(\.times) ?? 0
        return Words.cut(node.name, to: 220, size: nameSize) + (times > 1 ? " ×\(times)" : "")
    }

    static func caption(of node: Picture.Node) -> String {
        Words.cut(node.caption, to: 200, size: captionSize)
    }
}
