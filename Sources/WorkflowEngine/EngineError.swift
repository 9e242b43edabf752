package import JSON
package import WorkflowCore
package import WorkflowModel
package import WorkflowStore

/// Why the engine did not do what it was asked. Nothing changed.
package enum EngineError: Error, Sendable {
    case refused(Refusal)
    case runNotFound(String)
    case workflowNotFound(name: String, version: String?)
    case workflowInvalid([Problem])
    case optionsInvalid([Problem])
    case inputInvalid([JSONSchema.Violation])
    case handlerMissing(String, step: String)
    case seqConflict(expected: Int, actual: Int)
    case idempotencyConflict(String)
    case interactionNotFound(String)
    case interactionResolved(String)
    case interactionExpired(String)
    /// No program with this execution is under way here.
    case executionNotFound(String)
    case stepKeyTaken(String)
    case stepNotBegun(String)
    case programChanged(ProgramChange)
    case store(StoreError)
    case shuttingDown
}
