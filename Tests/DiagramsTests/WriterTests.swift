import JSON
import Testing
import WorkflowModel

@testable import Diagrams

@Suite("Pictures as text")
struct WriterTests {
    /// A name of a handler that would break out of every language a picture is written in.
    private static let hostile = "a\"];<b>&amp; #35; %% end |x| `y` {{z}} \\\" \u{1}\n--> ]]>"

    private func workflow(calling handler: String) throws -> Workflow {
        let document: JSONValue = [
            "name": "w", "description": .string(handler),
            "flow": [
                "START": "end",
                "end": [
                    "call": .string(handler), "description": .string(handler),
                    "next": [
                        ["when": .string("result == \(JSONValue.string(handler).serialized())"), "to": "end"],
                        ["to": "END"],
                    ],
                ],
            ],
        ]
        return try Workflow.parse(document).0
    }

    @Test("Mermaid, whole")
    func mermaid() throws {
        var standing = Standing(of: try Examples.named("each"))
        standing.record(.done, path: "list", step: "list")
        standing.record(decision: .step("all"), path: "list", step: "list")
        let text = Diagram.of(try Examples.named("evaluator"), standing).mermaid
        #expect(
            text.hasPrefix(
                """
                ---
                title: "evaluator"
                ---
                flowchart TD
                    n0(["START"])
                    n1["generate<br><small>call write</small>"]
                    n2["evaluate<br><small>call judge</small>"]
                    n3["optimize<br><small>call improve</small>"]
                    n4(["END"])
                    n0 --> n1
                    n1 --> n2
                    n2 -->|"result.passed<br>iteration #62;= 4"| n4
                    n2 -->|"else"| n3
                    n3 --> n2

                """))
    }

    @Test("Mermaid has a subgraph for what has steps inside, and its marks for where the run stands")
    func mermaidOfRun() throws {
        let workflow = try Examples.named("gates")
        var standing = Standing(of: workflow)
        standing.record(.done, path: "prepare", step: "prepare")
        standing.record(.done, path: "prepare#2", step: "prepare")
        standing.record(decision: .step("review"), path: "prepare", step: "prepare")
        standing.record(.awaiting, path: "review[legal]", step: "legal")
        let text = Diagram.of(workflow, standing).mermaid
        for line in [
            "n1[\"✓ prepare ×2<br><small>call prepare</small>\"]", "subgraph n2[\"review<br><small>parallel</small>\"]",
            "n4{{\"⏸ legal<br><small>approval</small>\"}}", "class n4 awaiting", "n1 --> n2",
        ] { #expect(text.contains("    " + line + "\n"), "\(line)") }
        let opened = text.split(separator: "\n").count { $0.contains("subgraph ") }
        #expect(opened == 3)
        #expect(text.split(separator: "\n").count { $0.hasSuffix(" end") } == opened)
    }

    @Test("What a stranger wrote stays text in Mermaid")
    func hostileMermaid() throws {
        let lines = Diagram.of(try workflow(calling: Self.hostile)).mermaid.split(separator: "\n")
        let node = try #require(lines.first { $0.contains("n1[") })
        #expect(
            node.hasPrefix("    n1[\"end<br><small>call a#34;#93;#59;#60;b#62;#38;amp#59; #35;35#59; #37;#37; end "))
        #expect(node.hasSuffix("</small>\"]"))
        for line in lines.dropFirst(3) { #expect(line.count { $0 == "\"" }.isMultiple(of: 2), "\(line)") }
        for line in lines { #expect(!line.contains("\u{1}") && !line.contains("`"), "\(line)") }
    }

    @Test("Graphviz, whole")
    func dot() throws {
        let text = Diagram.of(try Examples.named("parallelization")).dot
        let body = text.split(separator: "\n").dropFirst(5).map { $0.drop { $0 == " " } }
        #expect(
            body == [
                "n0 [label=\"START\", shape=oval];", "n1 [label=\"split\\ncall split\", shape=box];",
                "subgraph cluster_n2 {", "graph [label=\"each\\nforEach ${result}\", style=\"rounded\"];",
                "n3 [label=\"each\\ncall translate\", shape=box];", "}",
                "n4 [label=\"merge\\ncall merge\", shape=box];", "n5 [label=\"END\", shape=oval];", "n0 -> n1;",
                "n1 -> n3 [lhead=cluster_n2];", "n3 -> n4 [ltail=cluster_n2];", "n4 -> n5;", "}",
            ])
    }

    @Test("What a stranger wrote stays text in Graphviz")
    func hostileDOT() throws {
        let text = Diagram.of(try workflow(calling: Self.hostile)).dot
        #expect(
            text.contains(
                "label=\"end\\ncall a\\\"];<b>&amp;amp; #35; %% end |x| `y` {{z}} \\\\\\\" \u{FFFD} --> ]]>\""))
    }

    @Test(
        "SVG is one well-formed element with a role, a title and a description",
        arguments: Examples.documents.map(\.name))
    func svg(name: String) throws {
        let workflow = try Examples.named(name)
        let text = Diagram.of(workflow).svg
        #expect(Markup.isWellFormed(text))
        #expect(text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
        #expect(text.contains("role=\"img\""))
        #expect(text.contains("<title>\(name)</title>\n<desc>"))
        #expect(text.contains("prefers-color-scheme:dark"))
        #expect(!text.contains("<script") && !text.contains("url(") && !text.contains("href"))
        #expect(Diagram.of(workflow).svg == text)
    }

    @Test("What a stranger wrote stays text in SVG")
    func hostileSVG() throws {
        let text = Diagram.of(try workflow(calling: Self.hostile)).svg
        #expect(Markup.isWellFormed(text))
        #expect(!text.contains("<b>"))
        #expect(!text.unicodeScalars.contains("\u{1}"))
        #expect(text.contains("&lt;b&gt;&amp;amp;"))
    }

    @Test("Where a run stands is told by a mark and a class, not by colour alone")
    func standing() throws {
        let workflow = try Examples.named("linear")
        for status in Standing.Status.allCases {
            var standing = Standing(of: workflow)
            standing.record(status, path: "keep", step: "keep")
            let text = Diagram.of(workflow, standing).svg
            #expect(text.contains("<g class=\"step \(status.rawValue)\">"))
            #expect(text.contains("<path class=\"mark\""))
            #expect(text.contains("keep (\(status.rawValue))"))
            #expect(Diagram.of(workflow, standing).dot.contains("\(status.sign) keep"))
        }
        #expect(!Diagram.of(workflow).svg.contains("class=\"mark\""))
    }
}

/// Just enough of XML to tell whether a text is well-formed.
enum Markup {
    static func isWellFormed(_ text: String) -> Bool {
        var open: [Substring] = []
        var rest = Substring(text)
        while let start = rest.firstIndex(of: "<") {
            if !isText(rest[..<start]) { return false }
            guard let end = rest[start...].firstIndex(of: ">") else { return false }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.contains("<") || !tag.count(where: { $0 == "\"" }).isMultiple(of: 2) { return false }
            let name = tag.prefix { $0 != " " && $0 != "/" && $0 != "\n" }
            if tag.hasPrefix("/") {
                if open.popLast() != tag.dropFirst() { return false }
            } else if name.isEmpty {
                return false
            } else if !tag.hasSuffix("/") {
                open.append(name)
            }
        }
        return open.isEmpty && isText(rest)
    }

    /// Every ampersand begins an entity, and nothing is there that XML has no place for.
    private static func isText(_ text: Substring) -> Bool {
        let parts = text.split(separator: "&", omittingEmptySubsequences: false).dropFirst()
        let areEntities = parts.allSatisfy { part in
            ["amp;", "lt;", "gt;", "quot;"].contains { part.hasPrefix($0) }
        }
        return areEntities && text.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" }
    }
}
