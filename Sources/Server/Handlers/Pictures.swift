import Diagrams
import JSON
import RPC
import ServiceProtocol
import WorkflowEngine
import WorkflowModel
import WorkflowStore

extension Session {
    func diagram(_ request: GetDiagramRequest) throws -> JSONValue {
        let diagram = try picture(for: request)
        let text =
            switch request.format {
            case .mermaid: diagram.mermaid
            case .dot: diagram.dot
            case .svg: diagram.svg
            }
        return ["format": .string(request.format.rawValue), "diagram": .string(text)]
    }

    private func picture(for request: GetDiagramRequest) throws -> Diagram {
        switch request.workflow {
        case .name(let name):
            return Diagram.of(try engine.workflow(of: engine.workflowRecord(name, version: request.version)))
        case .document(let document): return Diagram.of(try engine.read(document).workflow)
        case nil:
            let run = try engine.load(request.runID ?? "").run
            return Diagram.of(run, events: try allEvents(of: run.id).lazy.map(\.event))
        }
    }
}
