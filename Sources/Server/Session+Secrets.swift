import JSON
import RPC
import Secrets
import ServiceProtocol
import WorkflowEngine
import WorkflowStore

/// What is secret is covered where it comes in, so that nobody keeps it, and where it would leave what was kept before
/// anybody said that it is secret. What attempts say is covered by their reporters.
extension Session {
    /// A request's params. An exported file is verified as it came, and covered then.
    func covered(_ params: JSONValue?, of method: String) -> JSONValue? {
        guard let mask = engine.mask, method != ImportRunRequest.method else { return params }
        return params.map(mask.hide)
    }

    func covered(_ error: RPCError) -> RPCError {
        guard let mask = engine.mask else { return error }
        return RPCError(code: error.code, message: mask.hide(error.message), data: error.data.map(mask.hide))
    }

    /// An export as it may leave.
    func veiled(_ export: RunExport) throws(EngineError) -> RunExport {
        var export = export
        for part in export.parts.indices {
            guard let veil = try engine.load(export.parts[part].record.id).veil else { continue }
            for entry in export.parts[part].entries.indices {
                export.parts[part].entries[entry].events = veil.hide(events: export.parts[part].entries[entry].events)
            }
        }
        return covered(export)
    }

    func covered(_ export: RunExport) -> RunExport {
        guard let mask = engine.mask else { return export }
        var export = export
        for part in export.parts.indices {
            let labels = JSONValue.object(export.parts[part].record.labels)
            export.parts[part].record.labels = mask.hide(labels).object ?? [:]
            for entry in export.parts[part].entries.indices {
                export.parts[part].entries[entry].events = mask.hide(json: export.parts[part].entries[entry].events)
            }
        }
        return export
    }
}
