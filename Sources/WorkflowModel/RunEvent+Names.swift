import JSON

extension RunEvent {
    /// The same fact where runs, executions and questions go by other names. Where a run came from stays as it was called there.
    package func renamed(_ names: [String: String]) -> RunEvent {
        func new(_ name: String) -> String { names[name] ?? name }
        switch self {
        case .created(var creation):
            if let parent = creation.parent?.runID { creation.parent?.runID = new(parent) }
            return .created(creation)
        case .statusChanged(var change):
            change.executionID = change.executionID.map(new)
            return .statusChanged(change)
        case .stepStarted(var start):
            guard case .object(var input)? = start.input, start.kind == "workflow", let child = input["runId"]?.string
            else { return self }
            input["runId"] = .string(new(child))
            start.input = .object(input)
            return .stepStarted(start)
        case .interactionRequested(var question):
            question.id = new(question.id)
            return .interactionRequested(question)
        case .voteRecorded(let id, let vote): return .voteRecorded(interactionID: new(id), vote: vote)
        case .interactionResolved(var resolution):
            resolution.interactionID = new(resolution.interactionID)
            return .interactionResolved(resolution)
        case .forked, .imported, .stepCompleted, .stepFailed, .agentTurned, .agentTold, .toolCalled, .toolReturned,
            .logged, .signalReceived, .ending, .retryScheduled, .timedOut, .completed, .failed, .cancelled:
            return self
        }
    }
}
