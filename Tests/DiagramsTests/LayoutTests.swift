import Testing
import WorkflowModel

@testable import Diagrams

@Suite("Where everything stands")
struct LayoutTests {
    private func scene(of name: String) throws -> Scene {
        Layout.scene(of: Diagram.of(try Examples.named(name)).picture)
    }

    @Test("Nothing lies upon anything else", arguments: Examples.documents.map(\.name))
    func examples(name: String) throws {
        #expect(Geometry.faults(of: try scene(of: name)) == [])
    }

    @Test("Nothing lies upon anything else in flows that nobody thought of", arguments: 0..<80)
    func random(seed: Int) throws {
        let workflow = try Examples.workflow("random", RandomFlow.document(seed: UInt64(seed)))
        let scene = Layout.scene(of: Diagram.of(workflow).picture)
        #expect(Geometry.faults(of: scene) == [])
    }

    @Test("Lines cross only where they must", arguments: Examples.documents.map(\.name))
    func crossings(name: String) throws {
        // Two ways lead on and three lead back between the same steps of the loop; in the others one is in the way.
        let allowed = ["loop": 2, "nested": 2, "build-and-deploy": 1, "thirty": 3]
        #expect(Geometry.crossings(in: try scene(of: name)) <= allowed[name] ?? 0)
    }

    @Test("Whoever looks for faults finds them")
    func checker() throws {
        let sound = try scene(of: "build-and-deploy")
        var scene = sound
        scene.boxes[1].frame = scene.boxes[0].frame
        #expect(Geometry.faults(of: scene).contains { $0.contains("overlaps") })
        scene = sound
        scene.labels[0].frame = scene.labels[1].frame
        #expect(Geometry.faults(of: scene).contains { $0.contains("overlaps") })
        scene = sound
        scene.lines[0].points[0].y += 3
        #expect(Geometry.faults(of: scene).contains { $0.contains("starts at no box") })
        scene = sound
        scene.lines[1].points = scene.lines[0].points
        #expect(Geometry.faults(of: scene).contains { $0.contains("lies along") })
        scene = sound
        scene.width = 100
        #expect(Geometry.faults(of: scene).contains { $0.contains("outside") })
    }

    @Test("A chain of steps is one straight line")
    func straight() throws {
        let scene = try scene(of: "linear")
        #expect(scene.lines.count == 5)
        #expect(Set(scene.lines.flatMap(\.points).map(\.x)).count == 1)
    }

    @Test("Boxes keep the order in which the flow comes to them")
    func downwards() throws {
        let scene = try scene(of: "build-and-deploy")
        var top: [String: Int] = [:]
        for box in scene.boxes where box.depth == 0 { top[box.node.name] = box.frame.y }
        let order = ["START", "clone", "build", "test", "release", "deploy", "END"].compactMap { top[$0] }
        #expect(order.count == 7)
        #expect(order == order.sorted())
    }

    @Test("A long name is cut, and its box is no wider than others may be")
    func longNames() throws {
        let name = String(repeating: "a-long-name-", count: 5)
        let workflow = try Examples.workflow(
            "long", "{\"name\": \"NAME\", \"flow\": {\"START\": \"\(name)\", \"\(name)\": {\"call\": \"x\"}}}")
        let svg = Diagram.of(workflow).svg
        #expect(svg.contains("…</text>"))
        #expect(svg.contains("<title>\(name)"))
        let scene = Layout.scene(of: Diagram.of(workflow).picture)
        #expect(scene.width < 300)
    }

    @Test("Where a thousand steps lead anywhere, the longest ways end in a note")
    func bounded() throws {
        let steps = (0..<1000).map { number in
            "\"s\(number)\": {\"call\": \"x\", \"onError\": \"s\(number * 7919 % 1000)\", "
                + "\"next\": \"\(number < 999 ? "s\(number + 1)" : "END")\"}"
        }
        let document = "{\"name\": \"NAME\", \"flow\": {\"START\": \"s0\", \(steps.joined(separator: ", "))}}"
        let scene = Layout.scene(of: Diagram.of(try Examples.workflow("great", document)).picture)
        let notes = scene.boxes.filter { $0.node.shape == .note }
        #expect(notes.count > 100)
        #expect(notes.allSatisfy { $0.node.name.hasPrefix("→ s") })
        #expect(scene.boxes.count - notes.count == 1002)
    }
}
