package import WorkflowModel

/// The picture of a workflow: its steps, the ways between them, and the flows within them.
///
/// The same workflow and the same standing always give the same text. However great the workflow, the picture is
/// bounded: what goes beyond 2,000 steps or 6,000 ways is counted in it rather than drawn.
package struct Diagram: Sendable {
    package enum Format: String, Sendable, Hashable, CaseIterable {
        /// Text that Markdown viewers draw.
        case mermaid
        /// Graphviz's language.
        case dot
        /// A drawing that needs nothing else.
        case svg
    }

    let title: String
    let description: String?
    let picture: Picture

    package static func of(_ workflow: Workflow, _ standing: Standing? = nil) -> Diagram {
        var painter = Painter(standing: standing)
        let picture = painter.picture(of: workflow)
        return Diagram(title: workflow.name, description: workflow.description, picture: picture)
    }

    package func text(as format: Format) -> String {
        switch format {
        case .mermaid: mermaid
        case .dot: dot
        case .svg: svg
        }
    }

    /// `flowchart TD`.
    package var mermaid: String {
        var writer = MermaidWriter()
        return writer.text(of: self)
    }

    /// A `digraph` with a cluster for each step that has flows inside.
    package var dot: String {
        var writer = DOTWriter()
        return writer.text(of: self)
    }

    /// One `svg` element: no script, nothing loaded, legible on light and on dark.
    package var svg: String {
        var writer = SVGWriter()
        return writer.text(of: self)
    }
}
