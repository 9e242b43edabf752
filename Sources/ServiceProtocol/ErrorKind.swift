/// The stable kinds that a client switches on, in `error.data.kind`: the one list that code, specification and clients go by.
package enum ErrorKind: String, Sendable, CaseIterable {
    case workflowNotFound = "workflow.notFound"
    case workflowInvalid = "workflow.invalid"
    case workflowChanged = "workflow.changed"
    case runNotFound = "run.notFound"
    case runInvalidTransition = "run.invalidTransition"
    case runExists = "run.exists"
    case exportCorrupt = "export.corrupt"
    case runSeqConflict = "run.seqConflict"
    case executionNotFound = "execution.notFound"
    case stepDuplicateKey = "step.duplicateKey"
    case stepNotBegun = "step.notBegun"
    case inputInvalid = "input.invalid"
    case interactionNotFound = "interaction.notFound"
    case interactionAmbiguous = "interaction.ambiguous"
    case interactionAlreadyResolved = "interaction.alreadyResolved"
    case interactionExpired = "interaction.expired"
    case approvalNotAnApprover = "approval.notAnApprover"
    case idempotencyConflict = "idempotency.conflict"
    case stepHandlerMissing = "step.handlerMissing"
    case configInvalid = "config.invalid"
    case configForbidden = "config.forbidden"
    case expressionSyntax = "expression.syntax"
    case expressionEvaluation = "expression.evaluation"
    case expressionNotJSON = "expression.notJSON"
    case expressionBudget = "expression.budget"
    case requestDuplicateID = "request.duplicateId"
    case storeUnavailable = "store.unavailable"
    case storeCorrupt = "store.corrupt"
    case messageTooLarge = "message.tooLarge"
    case payloadTooLarge = "payload.tooLarge"
    case serverShuttingDown = "server.shuttingDown"
    case limitExceeded = "limit.exceeded"

    /// Whether the same request may succeed later without a change.
    package var isRetryable: Bool {
        switch self {
        case .storeUnavailable, .runSeqConflict, .serverShuttingDown: true
        default: false
        }
    }

    /// What any request may be refused with.
    package static var ofAnyRequest: [ErrorKind] {
        [.requestDuplicateID, .messageTooLarge, .storeUnavailable, .storeCorrupt, .serverShuttingDown]
    }

    /// What a request that changes a run may be refused with.
    package static var ofAChange: [ErrorKind] { [.runNotFound, .runInvalidTransition, .runSeqConflict] }
}
