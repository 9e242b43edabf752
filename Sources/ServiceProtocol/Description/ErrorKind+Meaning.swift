extension ErrorKind {
    /// What happened, in a sentence.
    package var meaning: String {
        switch self {
        case .workflowNotFound: "There is no workflow of that name, or not in that version."
        case .workflowInvalid:
            "The document is not a workflow; `problems` lists what is wrong, as `workflow/validate` does."
        case .workflowChanged:
            "The program is not the one that the run began with; `expected` is the step that was due."
        case .executionNotFound: "No program with that execution is under way in this session."
        case .stepDuplicateKey: "The step was asked for before in this execution: a key names one step of a run."
        case .stepNotBegun: "Nobody was told to run that step: ask with `step/begin` first."
        case .runNotFound: "There is no run with that id."
        case .runInvalidTransition:
            "The run's status does not allow it; `allowed` names the methods that it does allow."
        case .runExists: "The run is here already; import it under another `runId`."
        case .exportCorrupt:
            "The exported file is damaged; `line`, from 1, and `byte` are where. Nothing was added."
        case .runSeqConflict: "The run has moved on since `expectedSeq`; `actual` is where it is."
        case .inputInvalid: "The value does not fit its schema; `errors` lists every departure."
        case .interactionNotFound: "There is no such open question."
        case .interactionAmbiguous:
            "Several questions of that kind are open in the execution: name one by its `interactionId`."
        case .interactionAlreadyResolved: "The question is settled already."
        case .interactionExpired: "The question has expired."
        case .approvalNotAnApprover: "Whoever decides is not among the approvers, or not the user of this session."
        case .idempotencyConflict: "The key, or the run's id, was used for another request."
        case .stepHandlerMissing: "A step calls a handler that nobody hosts."
        case .configInvalid:
            "A file of configuration is not what was expected; `file`, `line`, `column` and `pointer` are where."
        case .configForbidden: "A workspace's file says what only the user may say; `file` and `pointer` are where."
        case .expressionSyntax: "The expression cannot be parsed; `offset` is where."
        case .expressionEvaluation: "The expression failed while it was evaluated."
        case .expressionNotJSON: "The expression's value cannot be said in JSON."
        case .expressionBudget: "The expression costs more than an evaluation may."
        case .requestDuplicateID: "A request with this id is still unanswered."
        case .storeUnavailable: "The store cannot be used now; nothing was changed."
        case .storeCorrupt: "The store is damaged."
        case .messageTooLarge: "The message has more bytes than `limits.maxMessageBytes`."
        case .payloadTooLarge: "A value has more bytes than `limits.maxPayloadBytes`."
        case .serverShuttingDown: "The service is shutting down."
        case .limitExceeded: "A limit is reached; the message says which."
        }
    }
}
