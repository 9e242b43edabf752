/// Writes a picture as a Mermaid flowchart. Nodes are numbered, so that no name is ever a keyword.
struct MermaidWriter {
    private var lines: [String] = []
    private var ids = 0
    private var ways = 0
    private var waysGone: [Int] = []

    mutating func text(of diagram: Diagram) -> String {
        lines = ["---", "title: \"\(Self.escaped(diagram.title))\"", "---", "flowchart TD"]
        write(diagram.picture, indent: "    ")
        for status in Standing.Status.allCases {
            lines.append("    classDef \(status.rawValue) \(status.mermaidStyle)")
        }
        lines.append("    classDef bar fill:#777,stroke:#777,color:#777")
        if !waysGone.isEmpty {
            lines.append("    linkStyle \(waysGone.map(String.init).joined(separator: ",")) stroke-width:3px")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private mutating func write(_ picture: Picture, indent: String) {
        var names: [String] = []
        for node in picture.nodes {
            let id = "n\(ids)"
            ids += 1
            names.append(id)
            if let inside = node.inside {
                lines.append("\(indent)subgraph \(id)[\"\(Self.label(of: node))\"]")
                write(inside, indent: indent + "    ")
                lines.append("\(indent)end")
            } else {
                let (open, close) = node.shape.mermaidBrackets
                lines.append("\(indent)\(id)\(open)\"\(Self.label(of: node))\"\(close)")
            }
            if case .bar = node.shape { lines.append("\(indent)class \(id) bar") }
            if let mark = node.mark { lines.append("\(indent)class \(id) \(mark.status.rawValue)") }
        }
        for way in picture.ways {
            let arrow =
                switch way.kind {
                case .next: "-->"
                case .error: "-.->"
                case .undo: "-.-"
                }
            let text = way.label.map(Self.escaped).joined(separator: "<br>")
            let label = text.isEmpty ? "" : "|\"\(text)\"|"
            lines.append("\(indent)\(names[way.from]) \(arrow)\(label) \(names[way.to])")
            if way.wasGone { waysGone.append(ways) }
            ways += 1
        }
    }

    private static func label(of node: Picture.Node) -> String {
        // A label must not be empty.
        if node.name.isEmpty { return " " }
        let mark = node.mark.map { $0.status.sign + " " } ?? ""
        let times = node.mark.flatMap { $0.times > 1 ? " ×\($0.times)" : nil } ?? ""
        let caption = node.caption.isEmpty ? "" : "<br><small>\(escaped(node.caption))</small>"
        return mark + escaped(node.name) + times + caption
    }

    /// Every mark that means something to Mermaid, Markdown, HTML or YAML as a numbered entity.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in Words.plain(text).unicodeScalars {
            switch scalar {
            case "\"", "#", "&", "<", ">", "`", "\\", ";", "*", "_", "~", "%", "{", "}", "[", "]", "|", "$":
                escaped += "#\(scalar.value);"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension Picture.Shape {
    fileprivate var mermaidBrackets: (String, String) {
        switch self {
        case .terminal, .stadium: ("([", "])")
        case .box, .bar, .frame: ("[", "]")
        case .rounded: ("(", ")")
        case .subroutine: ("[[", "]]")
        case .slanted: ("[/", "/]")
        case .hexagon: ("{{", "}}")
        case .octagon: ("[\\", "/]")
        case .note: (">", "]")
        }
    }
}

extension Standing.Status {
    fileprivate var mermaidStyle: String {
        switch self {
        case .done: "stroke:#2b7a4b,stroke-width:2px"
        case .active: "stroke:#1f63c7,stroke-width:4px"
        case .awaiting: "stroke:#b7791f,stroke-width:4px"
        case .failed: "stroke:#c5352b,stroke-width:3px"
        case .skipped: "stroke:#999,stroke-dasharray:4 3"
        }
    }

    /// The mark beside a name, where there is text alone.
    var sign: String {
        switch self {
        case .done: "✓"
        case .active: "▶"
        case .awaiting: "⏸"
        case .failed: "✗"
        case .skipped: "–"
        }
    }
}
