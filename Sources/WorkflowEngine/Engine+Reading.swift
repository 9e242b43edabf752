import JSON
import WorkflowCore
package import WorkflowModel
package import WorkflowStore

extension Engine {
    package func workflowRecords() throws(EngineError) -> [WorkflowRecord] {
        do {
            return try journal.workflows(namespace: configuration.namespace)
        } catch {
            throw .store(error)
        }
    }

    /// Newest first.
    package func runRecords(_ filter: RunFilter, before: Int64?, limit: Int) throws(EngineError) -> [RunRecord] {
        do {
            return try journal.runs(filter, before: before, limit: limit)
        } catch {
            throw .store(error)
        }
    }

    /// Oldest first; nil asks for all namespaces, or all runs.
    package func openInteractions(namespace: String?, runID: RunID?) throws(EngineError) -> [InteractionRecord] {
        do {
            guard let runID else { return try journal.interactions(namespace: namespace, run: nil) }
            guard let record = try journal.run(id: runID) else { throw EngineError.runNotFound(runID) }
            return try journal.interactions(namespace: nil, run: record.key)
        } catch let error as StoreError {
            throw .store(error)
        } catch let error as EngineError {
            throw error
        } catch {
            preconditionFailure("A journal throws store errors alone: \(error)")
        }
    }

    /// The run whose open question is meant: by its id, or the only one of its kind in an execution.
    package func question(
        interactionID: String?, executionID: String?, kind: Interaction.Kind
    ) throws(EngineError) -> Question {
        do {
            if let id = interactionID {
                guard let record = try journal.interaction(id: id), let run = try journal.run(key: record.run) else {
                    throw EngineError.interactionNotFound(id)
                }
                if !record.isOpen {
                    let isExpired = record.body["status"]?.string == InteractionResolved.Outcome.expired.rawValue
                    throw isExpired ? EngineError.interactionExpired(id) : .interactionResolved(id)
                }
                guard record.body["kind"]?.string == kind.rawValue else { throw EngineError.interactionNotFound(id) }
                return Question(runID: run.id, interactionID: id)
            }
            let executionID = executionID ?? ""
            let open = try journal.interactions(executionID: executionID).filter {
                $0.body["kind"]?.string == kind.rawValue
            }
            guard let only = open.first, let run = try journal.run(key: only.run) else {
                throw EngineError.interactionNotFound(executionID)
            }
            guard open.count == 1 else { throw EngineError.refused(.interactionAmbiguous(open: open.count)) }
            return Question(runID: run.id, interactionID: only.id)
        } catch let error as StoreError {
            throw .store(error)
        } catch let error as EngineError {
            throw error
        } catch {
            preconditionFailure("A journal throws store errors alone: \(error)")
        }
    }

    /// Whether a living engine other than this one performs the run.
    package func isPerformedElsewhere(_ record: RunRecord) -> Bool {
        record.owner != nil && record.owner != registry.engineID && hasLivingOwner(record)
    }

    /// Starts nothing from now on; attempts under way are stopped and their runs stay recoverable.
    package func quiesce() {
        effectsMayBegin = false
        stopAttempts()
    }
}

/// An open question and its run.
package struct Question: Sendable, Hashable {
    package var runID: RunID
    package var interactionID: String
}
