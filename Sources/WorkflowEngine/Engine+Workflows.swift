package import JSON
package import WorkflowModel
package import WorkflowStore

extension Engine {
    /// Registers a document under its name; the same content again changes nothing.
    package func register(_ document: JSONValue) throws(EngineError) -> (workflow: Workflow, warnings: [Problem]) {
        let (workflow, warnings) = try read(document)
        try openTurn()
        try keep(workflow, isRegistered: true)
        return (workflow, warnings)
    }

    /// Takes a name back: its versions are found no more, runs keep theirs.
    package func unregister(_ name: String) throws(EngineError) {
        try openTurn()
        do {
            var found = false
            while var record = try journal.workflow(namespace: configuration.namespace, name: name, version: nil) {
                record.isRegistered = false
                try journal.put(record)
                found = true
            }
            if found { return }
        } catch {
            throw fault(error)
        }
        throw .workflowNotFound(name: name, version: nil)
    }

    package func workflowRecord(_ name: String, version: String?) throws(EngineError) -> WorkflowRecord {
        do {
            let record = try journal.workflow(namespace: configuration.namespace, name: name, version: version)
            if let record { return record }
        } catch {
            throw .store(error)
        }
        if let program = try hostedProgram(name), version == nil || version == program.version {
            return WorkflowRecord(
                namespace: configuration.namespace, name: name, version: program.version, document: program.document,
                registeredAt: turn.now, isRegistered: false)
        }
        throw .workflowNotFound(name: name, version: version)
    }

    /// What runs of a program are made from that is hosted here, kept as their documents are.
    func hostedProgram(_ name: String) throws(EngineError) -> Workflow? {
        guard hosts(program: name), let program = workflows.program(named: name) else { return nil }
        try openTurn()
        try keep(program, isRegistered: false)
        return program
    }

    package func workflow(of record: WorkflowRecord) throws(EngineError) -> Workflow {
        try workflow(namespace: configuration.namespace, name: record.name, version: record.version)
    }

    /// A document as somebody wrote it: agents that it does not declare are the host's.
    package func read(_ document: JSONValue) throws(EngineError) -> (workflow: Workflow, warnings: [Problem]) {
        try parse(configuration.agents.declared(in: document))
    }

    func parse(_ document: JSONValue) throws(EngineError) -> (workflow: Workflow, warnings: [Problem]) {
        do {
            return try Workflow.parse(document)
        } catch {
            throw .workflowInvalid(error.problems)
        }
    }

    func keep(
        _ workflow: Workflow, isRegistered: Bool, in namespace: String? = nil
    ) throws(EngineError) {
        let namespace = namespace ?? configuration.namespace
        do {
            if let known = try journal.workflow(namespace: namespace, name: workflow.name, version: workflow.version),
                known.isRegistered || !isRegistered
            {
                return
            }
            try journal.put(
                WorkflowRecord(
                    namespace: namespace, name: workflow.name, version: workflow.version, document: workflow.document,
                    registeredAt: turn.now, isRegistered: isRegistered))
        } catch {
            throw fault(error)
        }
        workflows[WorkflowCache.Key(namespace: namespace, name: workflow.name, version: workflow.version)] = workflow
    }

    /// The parsed workflow of a run; a run keeps the version it began with.
    func workflow(namespace: String, name: String, version: String) throws(EngineError) -> Workflow {
        let key = WorkflowCache.Key(namespace: namespace, name: name, version: version)
        if let known = workflows[key] { return known }
        do {
            guard let record = try journal.workflow(namespace: namespace, name: name, version: version) else {
                throw StoreError.corrupt("The workflow \(name) in version \(version) is not in the store.")
            }
            let workflow = try parse(record.document).workflow
            workflows[key] = workflow
            return workflow
        } catch let error as StoreError {
            throw .store(error)
        } catch let error as EngineError {
            throw error
        } catch {
            preconditionFailure("Reading a workflow throws store and engine errors alone: \(error)")
        }
    }
}
