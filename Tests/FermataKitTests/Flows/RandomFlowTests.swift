import FermataKit
import JSON
import Testing

@Suite("Flows of chance")
struct RandomFlowTests {
    @Test("A flow is exactly its document, and the document that flow", arguments: 0..<200 as Range<UInt64>)
    func identity(seed: UInt64) throws {
        let random = RandomFlow(seed: seed)
        let flow = try random.flow()
        #expect(flow.document.value == random.document)
        let again = try Flow(document: JSON(parsing: flow.document.description))
        #expect(again == flow)
        #expect(again.document.value.serialized() == flow.document.value.serialized())
        #expect(again.warnings == flow.warnings)
    }

    @Test("A flow and its document have the same history", arguments: 0..<100 as Range<UInt64>)
    func history(seed: UInt64) throws {
        let random = RandomFlow(seed: seed)
        let built = try FlowBench().history(of: random.flow().document.value)
        let written = try FlowBench().history(of: JSONValue(parsing: random.document.serialized()))
        #expect(!built.isEmpty)
        #expect(built == written)
    }
}
