import Expressions
import JSON
import RPC
import ServiceProtocol
import WorkflowEngine
import WorkflowModel
import WorkflowStore

extension Session {
    func register(_ request: RegisterWorkflowRequest) throws -> JSONValue {
        let (workflow, warnings) = try engine.register(request.document)
        return [
            "name": .string(workflow.name), "version": .string(workflow.version),
            "warnings": .array(warnings.map(\.json)),
        ]
    }

    func validate(_ request: ValidateWorkflowRequest) -> JSONValue {
        let document = engine.configuration.agents.declared(in: request.document)
        let problems = Workflow.problems(
            in: document, hosting: handlers?.hosted, servers: settings?.mcpServers.value.map(\.name))
        let isValid = !problems.contains { $0.severity == .error }
        return ["valid": .bool(isValid), "problems": .array(problems.map(\.json))]
    }

    func listWorkflows() throws -> JSONValue {
        let records = try engine.workflowRecords()
        var workflows = records.map { record -> JSONValue in
            var members: JSONObject = ["name": .string(record.name), "version": .string(record.version)]
            members["description"] = record.document["description"]
            members["registeredAt"] = .string(record.registeredAt.description)
            return .object(members)
        }
        let known = Set(records.map(\.name))
        let hosted = (handlers?.programs ?? []).union(engine.configuration.programs)
        for name in hosted.sorted() where name != "*" && !known.contains(name) {
            workflows.append(["name": .string(name), "hosted": true])
        }
        return ["workflows": .array(workflows)]
    }

    func getWorkflow(_ request: GetWorkflowRequest) throws -> JSONValue {
        let record = try engine.workflowRecord(request.name, version: request.version)
        let document = request.isExpanded ? try engine.workflow(of: record).expandedDocument : record.document
        return ["name": .string(record.name), "version": .string(record.version), "document": document]
    }

    func unregister(_ request: UnregisterWorkflowRequest) throws -> JSONValue {
        try engine.unregister(request.name)
        return ["name": .string(request.name)]
    }

    func evaluate(_ request: EvaluateExpressionRequest) throws -> JSONValue {
        do {
            let expression = try Expression(parsing: request.expression)
            var bindings = Bindings()
            for (name, value) in request.bindings ?? [:] { bindings[name] = value }
            return ["value": try expression.evaluate(bindings)]
        } catch {
            throw RPCError(error)
        }
    }
}

extension RPCError {
    fileprivate init(_ error: ExpressionError) {
        let kind = ErrorKind(rawValue: error.kind.name) ?? .expressionEvaluation
        self = .domain(kind, "\(error)", ["offset": .number(JSONNumber(error.offset))])
    }
}
