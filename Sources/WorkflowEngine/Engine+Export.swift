import JSON
import WorkflowCore
import WorkflowModel
package import WorkflowStore

extension Engine {
    /// A run with its children, as the store has them at one moment.
    package func export(_ id: RunID) throws(EngineError) -> RunExport {
        try openTurn()
        guard let root = try storedRun(id) else { throw .runNotFound(id) }
        var records = [root]
        for child in try descendants(of: id) { if let record = try storedRun(child) { records.append(record) } }
        do {
            var definitions: [RunExport.Definition] = []
            var parts: [RunExport.Part] = []
            for record in records {
                let isKnown = definitions.contains { $0.name == record.workflow && $0.version == record.version }
                if !isKnown {
                    guard
                        let workflow = try journal.workflow(
                            namespace: record.namespace, name: record.workflow, version: record.version)
                    else { throw StoreError.corrupt("The workflow \(record.workflow) of a run is not in the store.") }
                    definitions.append(
                        .init(name: workflow.name, version: workflow.version, document: workflow.document))
                }
                let entries = try journal.entries(run: record.key, afterSeq: 0, maxBytes: .max)
                parts.append(.init(record: record, entries: entries))
            }
            return RunExport(exportedAt: turn.now, definitions: definitions, parts: parts)
        } catch let error as StoreError {
            throw .store(error)
        } catch {
            preconditionFailure("A journal throws store errors alone: \(error)")
        }
    }
}

/// What `run/import` asks for.
package struct ImportRequest: Sendable {
    package var file: RunExport
    /// What the run is called here; nil leaves it its id.
    package var runID: RunID?
    /// Whose it is here; nil makes it this engine's.
    package var namespace: String?
    package var client: String?

    package init(_ file: RunExport) {
        self.file = file
    }
}

extension Engine {
    /// Adds the runs of a file. What was under way in them is interrupted, as when an engine is gone. Under another id everything
    /// in them that has an id gets another.
    package func importRun(_ request: ImportRequest) throws(EngineError) -> CreatedRun {
        try openTurn()
        let namespace = request.namespace ?? configuration.namespace
        let workflows = try definitions(in: request.file)
        var histories: [ImportedHistory] = []
        for part in request.file.parts {
            guard
                let workflow = workflows[.init(namespace: "", name: part.record.workflow, version: part.record.version)]
            else { throw .exportDamaged(part.damage("Its workflow is not in the file.")) }
            if histories.contains(where: { $0.id == part.record.id }) {
                throw .exportDamaged(part.damage("It is there twice."))
            }
            histories.append(try ImportedHistory(part, workflow))
        }
        let names = try names(for: histories, as: request.runID)
        if !names.isEmpty {
            histories = try histories.map { history throws(EngineError) in try history.renamed(names) }
        }
        let ids = Set(histories.map(\.id))
        // From here on everything is written, or the turn fails.
        for workflow in workflows.values { try keep(workflow, isRegistered: false, in: namespace) }
        var runs: [LiveRun] = []
        for history in histories {
            let parent = history.run.creation.parent?.runID
            let move = RunImported(
                source: history.source, namespace: namespace, leavesParent: parent.map { !ids.contains($0) } ?? false,
                client: request.client)
            let decider = Decider(continuing: history.run, with: .imported(move), at: turn.now)
            let live = try insert(decider, after: history.entries)
            do { try recordInteractions(of: history.events, in: live) } catch { throw fault(error) }
            runs.append(live)
        }
        for live in runs { try decide(.takeOver, in: live) }
        let run = runs[0].run
        return CreatedRun(runID: run.id, seq: run.seq, status: run.status, executionID: run.executionID)
    }

    private func definitions(in file: RunExport) throws(EngineError) -> [WorkflowCache.Key: Workflow] {
        var workflows: [WorkflowCache.Key: Workflow] = [:]
        for definition in file.definitions {
            let workflow = try parse(definition.document).workflow
            guard workflow.name == definition.name, workflow.version == definition.version else {
                throw .exportDamaged(
                    ExportDamage(
                        line: 1, byte: 0, "The workflow \(definition.name) is not the one of its version."))
            }
            workflows[.init(namespace: "", name: workflow.name, version: workflow.version)] = workflow
        }
        return workflows
    }

    /// The new name of everything that has one, by the old; empty where all keep theirs, which must be free.
    private func names(for histories: [ImportedHistory], as id: RunID?) throws(EngineError) -> [String: String] {
        let root = histories[0].id
        guard let id, id != root else {
            for history in histories {
                if try storedRun(history.id) != nil { throw .runExists(history.id) }
                for question in history.questions where try isTaken(question: question) { throw .runExists(root) }
            }
            return [:]
        }
        if try storedRun(id) != nil { throw .runExists(id) }
        var names = [root: id]
        let old = histories.flatMap { [$0.id] + $0.questions + $0.run.executions.map(\.id) }
        for name in old where names[name] == nil { names[name] = environment.makeID() }
        return names
    }

    private func isTaken(question: String) throws(EngineError) -> Bool {
        do {
            return try journal.interaction(id: question) != nil
        } catch {
            throw .store(error)
        }
    }
}
