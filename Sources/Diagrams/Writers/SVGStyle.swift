/// How a drawing looks. Every rule is bound to the drawing's class, for a style sheet in a page speaks to the whole page.
enum SVGStyle {
    static let sheet = """
        .fermata text{font:500 13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;\
        text-anchor:middle}
        .fermata .title,.fermata text.label{text-anchor:start}
        .fermata .name{font-weight:600}
        .fermata .caption{font-size:10.5px;font-weight:400}
        .fermata text.label{font-size:10.5px;font-weight:400}
        .fermata path{fill:none}
        .fermata .way path{stroke-width:1.3}
        .fermata .error path,.fermata .undo path{stroke-dasharray:5 3}
        .fermata .way.gone path{stroke-width:2.6}
        .fermata .way .tip{stroke:none}
        .fermata .step rect,.fermata .step polygon{stroke-width:1.4}
        .fermata .branch rect{stroke-dasharray:5 4}
        .fermata .active>rect,.fermata .active>polygon,.fermata .awaiting>rect,.fermata .awaiting>polygon{stroke-width:2.6}
        .fermata .skipped>rect,.fermata .skipped>polygon{stroke-dasharray:3 3}
        .fermata .mark{stroke-width:2;stroke-linecap:round;stroke-linejoin:round}

        """ + rules(of: light) + "@media (prefers-color-scheme:dark){\n" + rules(of: dark) + "}\n"

    private struct Palette: Sendable {
        var ground, text, faint, line, box, frame, branch, error: String
        /// The stroke and the fill of each status.
        var status: @Sendable (Standing.Status) -> (stroke: String, fill: String)
    }

    private static let light = Palette(
        ground: "#ffffff", text: "#1c2128", faint: "#57606a", line: "#6e7781", box: "#ffffff", frame: "#f4f6f8",
        branch: "#fbfcfd", error: "#b3372b"
    ) { status in
        switch status {
        case .done: ("#2b7a4b", "#e6f4ea")
        case .active: ("#1f63c7", "#e5effd")
        case .awaiting: ("#96660a", "#fdf3d7")
        case .failed: ("#b3372b", "#fce9e7")
        case .skipped: ("#8b949e", "#f4f6f8")
        }
    }

    private static let dark = Palette(
        ground: "#14181d", text: "#e6eaef", faint: "#a3adb8", line: "#8b96a2", box: "#232930", frame: "#1a1f25",
        branch: "#1f252c", error: "#ff9184"
    ) { status in
        switch status {
        case .done: ("#5cbf82", "#1b3125")
        case .active: ("#74aaf7", "#1a2c47")
        case .awaiting: ("#e0b04e", "#38301a")
        case .failed: ("#ff9184", "#411f1c")
        case .skipped: ("#7b858f", "#1a1f25")
        }
    }

    private static func rules(of palette: Palette) -> String {
        let shapes = ["rect", "polygon", "path"]
        func rule(_ selectors: [String], _ declarations: String) -> String {
            selectors.map { ".fermata " + $0 }.joined(separator: ",") + "{\(declarations)}\n"
        }
        var rules = [
            rule([".ground"], "fill:\(palette.ground)"), rule(["text"], "fill:\(palette.text)"),
            rule([".caption", "text.label"], "fill:\(palette.faint)"),
            rule(["text.label.error"], "fill:\(palette.error)"),
            rule([".way path"], "stroke:\(palette.line)"), rule([".way .tip"], "fill:\(palette.line)"),
            rule([".error path"], "stroke:\(palette.error)"), rule([".error .tip"], "fill:\(palette.error)"),
            rule(shapes.map { ".step>" + $0 }, "stroke:\(palette.line)"),
            rule([".step>rect", ".step>polygon", ".note>polygon"], "fill:\(palette.box)"),
            rule([".note>polygon"], "stroke:\(palette.line)"),
            rule([".frame>rect"], "fill:\(palette.frame);stroke:\(palette.line)"),
            rule([".branch>rect"], "fill:\(palette.branch)"),
            rule([".terminal>rect"], "fill:\(palette.faint)"), rule([".terminal>text"], "fill:\(palette.ground)"),
            rule([".bar>rect"], "fill:\(palette.faint)"),
            rule([".bar.hollow>rect"], "fill:\(palette.ground);stroke:\(palette.faint)"),
        ]
        for status in Standing.Status.allCases {
            let (stroke, fill) = palette.status(status)
            rules.append(rule(shapes.map { ".\(status.rawValue)>\($0)" }, "stroke:\(stroke)"))
            rules.append(rule([".\(status.rawValue)>rect", ".\(status.rawValue)>polygon"], "fill:\(fill)"))
        }
        let (stroke, _) = palette.status(.active)
        rules.append(rule([".active>.mark"], "fill:\(stroke)"))
        rules.append(rule([".skipped>text"], "fill:\(palette.faint)"))
        return rules.joined()
    }
}
