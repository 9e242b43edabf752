/// Draws a picture as SVG.
struct SVGWriter {
    private static let margin = 20

    private var out = ""

    mutating func text(of diagram: Diagram) -> String {
        let scene = Layout.scene(of: diagram.picture)
        let width = scene.width + 2 * Self.margin
        let height = scene.height + 2 * Self.margin
        out = """
            <svg xmlns="http://www.w3.org/2000/svg" class="fermata" role="img" viewBox="0 0 \(width) \(height)" \
            width="\(width)" height="\(height)">
            <title>\(Self.escaped(diagram.title))</title>
            <desc>\(Self.escaped(diagram.spoken))</desc>
            <style>\(SVGStyle.sheet)</style>
            <rect class="ground" width="100%" height="100%"/>
            <g transform="translate(\(Self.margin) \(Self.margin))">

            """
        // From the outside to the inside, so that what is within a frame lies upon it.
        let depth = scene.boxes.map(\.depth).max() ?? 0
        for level in 0...depth {
            for box in scene.boxes where box.depth == level { draw(box) }
            for line in scene.lines where line.depth == level { draw(line) }
        }
        for label in scene.labels { draw(label) }
        out += "</g>\n</svg>\n"
        return out
    }

    // MARK: Boxes

    private mutating func draw(_ box: Scene.Box) {
        let node = box.node
        let status = node.mark.map { " " + $0.status.rawValue } ?? ""
        out += "<g class=\"\(node.shape.svgClass)\(status)\">"
        let told = [node.name, node.caption, node.mark?.status.rawValue ?? "", node.description ?? ""]
        let tip = told.filter { !$0.isEmpty }.joined(separator: " · ")
        if !tip.isEmpty { out += "<title>\(Self.escaped(tip))</title>" }
        let offset = Measure.stackOffset(of: node)
        let front = Rect(
            x: box.frame.x, y: box.frame.y, width: box.frame.width - offset, height: box.frame.height - offset)
        for shift in Set([offset, offset / 2, 0]).sorted(by: >) {
            out += SVGShape.element(of: node.shape, in: front.moved(by: Point(x: shift, y: shift)))
        }
        if case .frame = node.shape { drawTitle(of: node, in: box.frame) } else { drawText(of: node, in: box.frame) }
        out += "</g>\n"
    }

    private mutating func drawText(of node: Picture.Node, in frame: Rect) {
        let name = Measure.name(of: node)
        if name.isEmpty { return }
        let x = frame.x + frame.width / 2
        let y = frame.y + frame.height / 2
        guard !node.caption.isEmpty else {
            return text(name, "name", x: x, y: y + 4)
        }
        let shift = node.mark == nil ? 0 : Measure.markWidth / 2
        text(name, "name", x: x + shift, y: y - 3)
        text(Measure.caption(of: node), "caption", x: x, y: y + 13)
        if let mark = node.mark {
            let width = Words.width(name, size: Measure.nameSize)
            draw(mark, at: Point(x: x + shift - width / 2 - Measure.markWidth, y: y - 13))
        }
    }

    private mutating func drawTitle(of node: Picture.Node, in frame: Rect) {
        var x = frame.x + 12
        if let mark = node.mark {
            draw(mark, at: Point(x: x, y: frame.y + 9))
            x += Measure.markWidth
        }
        out += """
            <text class="title" x="\(x)" y="\(frame.y + 19)"><tspan class="name">\
            \(Self.escaped(Measure.name(of: node)))</tspan><tspan class="caption" dx="8">\
            \(Self.escaped(Measure.caption(of: node)))</tspan></text>
            """
    }

    /// Twelve pixels square.
    private mutating func draw(_ mark: Standing.Mark, at origin: Point) {
        let path =
            switch mark.status {
            case .done: "M1 6.5l3.5 3.5l6.5-8"
            case .active: "M2.5 1.5l7.5 4.5l-7.5 4.5z"
            case .awaiting: "M3.5 1.5v9M8.5 1.5v9"
            case .failed: "M2 2l8 8M10 2l-8 8"
            case .skipped: "M1.5 6h9"
            }
        out += "<path class=\"mark\" transform=\"translate(\(origin.x) \(origin.y))\" d=\"\(path)\"/>"
    }

    // MARK: Lines

    private mutating func draw(_ line: Scene.Line) {
        guard let end = line.points.last else { return }
        let gone = line.way.wasGone ? " gone" : ""
        let hasArrow = line.way.kind != .undo
        var points = line.points
        if hasArrow { points[points.count - 1].y -= 5 }
        out += "<g class=\"way \(line.way.kind.svgClass)\(gone)\"><path d=\"\(SVGShape.course(points))\"/>"
        if hasArrow { out += "<path class=\"tip\" d=\"M\(end.x - 4) \(end.y - 8)h8l-4 8z\"/>" }
        out += "</g>\n"
    }

    private mutating func draw(_ label: Scene.Label) {
        for (index, line) in label.lines.enumerated() {
            let y = label.frame.y + index * Measure.labelLineHeight + 11
            out += "<text class=\"label \(label.kind.svgClass)\" x=\"\(label.frame.x)\" y=\"\(y)\">"
            out += "\(Self.escaped(line))</text>\n"
        }
    }

    private mutating func text(_ text: String, _ kind: String, x: Int, y: Int) {
        out += "<text class=\"\(kind)\" x=\"\(x)\" y=\"\(y)\">\(Self.escaped(text))</text>"
    }

    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in Words.plain(text) {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}

extension Diagram {
    /// What somebody hears who does not see it.
    fileprivate var spoken: String {
        let steps = picture.nodes.filter { $0.shape != .terminal && $0.shape != .note }
        let names = steps.prefix(40).map { node in
            node.name + (node.mark.map { " (\($0.status.rawValue))" } ?? "")
        }
        let rest = steps.count > 40 ? " and \(steps.count - 40) more" : ""
        let told = "A flow of \(steps.count) steps: \(names.joined(separator: ", "))\(rest)."
        return description.map { $0 + " " + told } ?? told
    }
}

extension Picture.Shape {
    fileprivate var svgClass: String {
        switch self {
        case .terminal: "terminal"
        case .bar(let isHollow): isHollow ? "bar hollow" : "bar"
        case .frame(.branch): "frame branch"
        case .frame: "frame"
        case .note: "note"
        case .box, .rounded, .subroutine, .slanted, .hexagon, .stadium, .octagon: "step"
        }
    }
}

extension Picture.Way.Kind {
    fileprivate var svgClass: String {
        switch self {
        case .next: "next"
        case .error: "error"
        case .undo: "undo"
        }
    }
}
