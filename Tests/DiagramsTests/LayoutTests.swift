import Testing
import WorkflowModel

@testable import Diagrams

@Suite("Where everything stands")
struct LayoutTests {
    @Test("Nothing lies upon anything else", arguments: Examples.documents.map(\.name))
    func examples(name: String) throws {
        let scene = Layout.scene(of: try Diagram.of(Examples.named(name)).picture)
        #expect(Geometry.faults(of: scene) == [])
    }

    @Test("Nothing lies upon anything else in flows that nobody thought of", arguments: 0..<60)
    func random(seed: Int) throws {
        let workflow = try Examples.workflow("random", RandomFlow.document(seed: UInt64(seed)))
        let scene = Layout.scene(of: Diagram.of(workflow).picture)
        #expect(Geometry.faults(of: scene) == [])
    }
}
