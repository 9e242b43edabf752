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
        if let id = request.runID {
            return Diagram.of(try engine.load(id).run, events: try allEvents(of: id).lazy.map(\.event))
        }
        if case .string(let name)? = request.workflow {
            return Diagram.of(try engine.workflow(of: engine.workflowRecord(name, version: request.version)))
        }
        return Diagram.of(try engine.parse(request.workflow ?? .null).workflow)
    }
}
