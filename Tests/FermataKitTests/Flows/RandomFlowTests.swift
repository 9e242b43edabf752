import FermataKit
import JSON
import Testing
import WorkflowModel

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

    @Test("Flows of chance have every kind of step, and what may stand beside it")
    func variety() {
        let text = (0..<200 as Range<UInt64>).map { RandomFlow(seed: $0).document.serialized() }.joined()
        let marks = [
            "description", "set", "output", "timeoutMs", "heartbeatTimeoutMs", "retry", "onError", "onInterrupted",
            "compensate", "next", "cleanup", "redact", "agents", "dependsOn", "includeFailures", "threshold",
        ]
        for name in StepKind.names + marks { #expect(text.contains("\"\(name)\":"), "\(name)") }
    }

    @Test("Their histories come through every pattern, and have what a run by itself can have")
    func events() throws {
        var (types, text): (Set<Substring>, String) = ([], "")
        for seed in 0..<100 as Range<UInt64> {
            let history = try FlowBench().history(of: RandomFlow(seed: seed).document)
            for line in history { types.insert(line.split(separator: " ")[2]) }
            text += history.joined()
        }
        #expect(
            types.isSuperset(of: [
                "run/created", "run/statusChanged", "run/completed", "run/failed", "step/started", "step/completed",
                "step/failed", "execution/approvalRequested", "execution/inputRequested",
                "execution/interactionResolved", "agent/turned", "tool/called", "tool/returned",
            ]))
        for part in ["/synthesize\"", "/merge\"", "\"stoppedBy\"", "/compensate\"", "\"toolCalls\":[{"] {
            #expect(text.contains(part), "\(part)")
        }
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
