/// Writes a picture in Graphviz's language.
struct DOTWriter {
    private var lines: [String] = []
    private var ids = 0

    /// How ways name a node: a cluster by a node within it, and by itself.
    private struct Name {
        var entry: String
        var exit: String
        var cluster: String?
    }

    mutating func text(of diagram: Diagram) -> String {
        lines = [
            "digraph \(Self.quoted([diagram.title])) {", "    rankdir=TB; compound=true; bgcolor=transparent;",
            "    label=\(Self.quoted([diagram.title])); labelloc=t; fontname=\"Helvetica,Arial,sans-serif\";",
            "    node [shape=box, fontname=\"Helvetica,Arial,sans-serif\", style=filled, fillcolor=white];",
            "    edge [fontname=\"Helvetica,Arial,sans-serif\", fontsize=10];",
        ]
        _ = write(diagram.picture, indent: "    ")
        lines.append("}")
        return lines.joined(separator: "\n") + "\n"
    }

    /// The names of the picture's nodes.
    private mutating func write(_ picture: Picture, indent: String) -> [Name] {
        var names: [Name] = []
        for node in picture.nodes {
            let id = "n\(ids)"
            ids += 1
            guard let inside = node.inside else {
                lines.append("\(indent)\(id) [\(Self.attributes(of: node))];")
                names.append(Name(entry: id, exit: id))
                continue
            }
            lines.append("\(indent)subgraph cluster_\(id) {")
            let style = node.shape == .frame(.branch) ? "rounded,dashed" : "rounded"
            let colour = node.mark.map { ", color=\"\($0.status.dotColour)\"" } ?? ""
            lines.append("\(indent)    graph [label=\(Self.label(of: node)), style=\"\(style)\"\(colour)];")
            let within = write(inside, indent: indent + "    ")
            lines.append("\(indent)}")
            names.append(
                Name(entry: within.first?.entry ?? id, exit: within.last?.exit ?? id, cluster: "cluster_\(id)"))
        }
        for way in picture.ways {
            let (from, to) = (names[way.from], names[way.to])
            var attributes: [String] = []
            if !way.label.isEmpty { attributes.append("label=\(Self.quoted(way.label))") }
            if let cluster = from.cluster { attributes.append("ltail=\(cluster)") }
            if let cluster = to.cluster { attributes.append("lhead=\(cluster)") }
            if way.kind != .next { attributes.append("style=dashed") }
            if way.kind == .undo { attributes.append("dir=none") }
            if way.wasGone { attributes.append("penwidth=2.5") }
            let list = attributes.isEmpty ? "" : " [\(attributes.joined(separator: ", "))]"
            lines.append("\(indent)\(from.exit) -> \(to.entry)\(list);")
        }
        return names
    }

    private static func attributes(of node: Picture.Node) -> String {
        if case .bar(let isHollow) = node.shape {
            return "shape=box, label=\"\", height=0.06, width=1.2, fillcolor=\(isHollow ? "white" : "black")"
        }
        var attributes = "label=\(label(of: node)), shape=\(node.shape.dotName)"
        if node.shape == .rounded { attributes += ", style=\"rounded,filled\"" }
        if let mark = node.mark {
            attributes += ", color=\"\(mark.status.dotColour)\", penwidth=2"
            if mark.status == .skipped { attributes += ", style=\"dashed,filled\"" }
        }
        return attributes
    }

    private static func label(of node: Picture.Node) -> String {
        let mark = node.mark.map { $0.status.sign + " " } ?? ""
        let times = node.mark.flatMap { $0.times > 1 ? " ×\($0.times)" : nil } ?? ""
        return quoted([mark + node.name + times] + (node.caption.isEmpty ? [] : [node.caption]))
    }

    private static func quoted(_ lines: [String]) -> String {
        let lines = lines.map { line in
            var escaped = ""
            for character in Words.plain(line) {
                if character == "\"" || character == "\\" { escaped += "\\" }
                // Graphviz reads HTML's entities in every text.
                escaped += character == "&" ? "&amp;" : String(character)
            }
            return escaped
        }
        return "\"\(lines.joined(separator: "\\n"))\""
    }
}

extension Picture.Shape {
    fileprivate var dotName: String {
        switch self {
        case .terminal: "oval"
        case .box, .rounded, .bar, .frame: "box"
        case .subroutine: "component"
        case .slanted: "parallelogram"
        case .hexagon: "hexagon"
        case .stadium: "ellipse"
        case .octagon: "octagon"
        case .note: "note"
        }
    }
}

extension Standing.Status {
    fileprivate var dotColour: String {
        switch self {
        case .done: "#2b7a4b"
        case .active: "#1f63c7"
        case .awaiting: "#b7791f"
        case .failed: "#c5352b"
        case .skipped: "#999999"
        }
    }
}
