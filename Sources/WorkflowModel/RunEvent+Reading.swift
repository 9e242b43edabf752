package import JSON

/// An event in the journal that this version cannot read.
package struct UnreadableEvent: Error, Sendable {
    package var type: String
}

extension RunEvent {
    /// Reads an event as the journal has it; the inverse of `type` and `writeData`.
    package init(type: String, data: JSONValue) throws(UnreadableEvent) {
        guard let event = Self.read(type, data) else { throw UnreadableEvent(type: type) }
        self = event
    }

    private static func read(_ type: String, _ data: JSONValue) -> RunEvent? {
        switch type {
        case "run/created": RunCreated(json: data).map { .created($0) }
        case "run/statusChanged": StatusChanged(json: data).map { .statusChanged($0) }
        case "step/started": StepStarted(json: data).map { .stepStarted($0) }
        case "step/completed": StepCompleted(json: data).map { .stepCompleted($0) }
        case "step/failed": StepFailed(json: data).map { .stepFailed($0) }
        case "execution/approvalRequested", "execution/inputRequested":
            Interaction(json: data).map { .interactionRequested($0) }
        case "execution/voteRecorded": vote(data)
        case "execution/interactionResolved": InteractionResolved(json: data).map { .interactionResolved($0) }
        case "agent/turned": AgentTurned(json: data).map { .agentTurned($0) }
        case "agent/told": AgentTold(json: data).map { .agentTold($0) }
        case "tool/called": ToolCalled(json: data).map { .toolCalled($0) }
        case "tool/returned": ToolReturned(json: data).map { .toolReturned($0) }
        case "execution/log": LogEntry(json: data).map { .logged($0) }
        case "execution/signalReceived": data["name"]?.string.map { .signalReceived(signal(named: $0, data)) }
        case "run/ending": RunEnding(json: data).map { .ending($0) }
        case "run/retryScheduled": retry(data)
        case "run/timedOut": timeout(data).map { .timedOut($0) }
        case "run/completed": data["output"].map { .completed(output: $0) }
        case "run/failed": data["error"].flatMap(Failure.init(json:)).map { .failed($0) }
        case "run/cancelled": .cancelled(reason: data["reason"]?.string)
        default: nil
        }
    }

    private static func vote(_ data: JSONValue) -> RunEvent? {
        guard let id = data["interactionId"]?.string, let vote = data["vote"].flatMap(Interaction.Vote.init(json:))
        else {
            return nil
        }
        return .voteRecorded(interactionID: id, vote: vote)
    }

    private static func signal(named name: String, _ data: JSONValue) -> Signal {
        Signal(name: name, payload: data["payload"], idempotencyKey: data["idempotencyKey"]?.string)
    }

    private static func retry(_ data: JSONValue) -> RunEvent? {
        guard let failure = data["error"].flatMap(Failure.init(json:)),
            let moment = data["willRetryAt"]?.string.flatMap(Timestamp.init(parsing:))
        else { return nil }
        return .retryScheduled(failure, at: moment)
    }

    private static func timeout(_ data: JSONValue) -> RunOptions.Timeout? {
        guard let ms = data["ms"]?.int, let action = data["action"]?.string.flatMap(RunOptions.Timeout.Action.init),
            let clock = data["clock"]?.string.flatMap(RunOptions.Timeout.Clock.init)
        else { return nil }
        return RunOptions.Timeout(after: .milliseconds(ms), action: action, clock: clock)
    }
}

extension JSONValue {
    /// A number that counts something. One that no run comes to is damage, and must not overflow when it is counted on.
    var tally: Int? {
        int.flatMap { (0...Int(Int32.max)).contains($0) ? $0 : nil }
    }
}

extension RunCreated {
    fileprivate init?(json: JSONValue) {
        guard let workflow = json["workflow"]?.string, let version = json["version"]?.string,
            let namespace = json["namespace"]?.string, let cwd = json["cwd"]?.string
        else { return nil }
        self.init(
            workflow: workflow, version: version, namespace: namespace, cwd: cwd, input: json["input"],
            options: json["options"], labels: json["labels"]?.object ?? [:], client: json["client"]?.string,
            parent: json["parent"].flatMap(ParentReference.init(json:)))
    }
}

extension ParentReference {
    fileprivate init?(json: JSONValue) {
        guard let runID = json["runId"]?.string, let path = json["path"]?.string, let depth = json["depth"]?.tally
        else { return nil }
        self.init(runID: runID, path: path, depth: depth)
    }
}

extension RunEnding {
    fileprivate init?(json: JSONValue) {
        let outcome: Outcome
        if let failure = json["error"].flatMap(Failure.init(json:)) {
            outcome = .failed(failure)
        } else {
            outcome = .cancelled(reason: json["reason"]?.string)
        }
        self.init(outcome: outcome, graceUntil: json["graceUntil"]?.string.flatMap(Timestamp.init(parsing:)))
    }
}

extension StatusChanged {
    fileprivate init?(json: JSONValue) {
        guard let status = json["status"]?.string.flatMap(RunStatus.init),
            let previous = json["previous"]?.string.flatMap(RunStatus.init), let isPaused = json["isPaused"]?.bool
        else { return nil }
        self.init(
            status: status, isPaused: isPaused, previous: previous, executionID: json["executionId"]?.string,
            from: json["from"]?.string.flatMap(RetryOrigin.init))
    }
}

extension StepStarted {
    fileprivate init?(json: JSONValue) {
        guard let path = json["path"]?.string, let step = json["step"]?.string, let kind = json["kind"]?.string,
            let iteration = json["iteration"]?.tally, let attempt = json["attempt"]?.tally
        else { return nil }
        self.init(
            path: path, step: step, kind: kind, iteration: iteration, attempt: attempt, input: json["input"],
            until: json["until"]?.string.flatMap(Timestamp.init(parsing:)))
        guard let source = json["definition"] else { return }
        guard let members = source.object,
            let definition = StepDefinition(recorded: members, name: step, kind: kind)
        else { return nil }
        self.definition = definition
    }
}

extension StepCompleted {
    fileprivate init?(json: JSONValue) {
        guard let path = json["path"]?.string, let step = json["step"]?.string, let attempt = json["attempt"]?.tally,
            let output = json["output"], let decision = json["decision"].flatMap(FlowDecision.init(json:)),
            let progress = json["progress"].flatMap(Progress.init(json:))
        else { return nil }
        self.init(
            path: path, step: step, attempt: attempt, output: output, set: json["set"]?.object, decision: decision,
            progress: progress, reading: json["reading"], scopeResult: json["scopeResult"])
    }
}

extension StepFailed {
    fileprivate init?(json: JSONValue) {
        guard let path = json["path"]?.string, let step = json["step"]?.string, let attempt = json["attempt"]?.tally,
            let failure = json["error"].flatMap(Failure.init(json:))
        else { return nil }
        self.init(
            path: path, step: step, attempt: attempt, failure: failure,
            willRetryAt: json["willRetryAt"]?.string.flatMap(Timestamp.init(parsing:)),
            decision: json["decision"].flatMap(FlowDecision.init(json:)), scopeResult: json["scopeResult"])
    }
}

extension InteractionResolved {
    fileprivate init?(json: JSONValue) {
        guard let id = json["interactionId"]?.string, let kind = json["kind"]?.string.flatMap(Interaction.Kind.init),
            let path = json["path"]?.string, let outcome = json["status"]?.string.flatMap(Outcome.init)
        else { return nil }
        self.init(
            interactionID: id, kind: kind, path: path, outcome: outcome, value: json["value"],
            by: json[kind == .approval ? "approver" : "by"]?.string, message: json["message"]?.string,
            client: json["client"]?.string)
    }
}

extension LogEntry {
    fileprivate init?(json: JSONValue) {
        guard let level = json["level"]?.string.flatMap(LogLevel.init), let message = json["message"]?.string else {
            return nil
        }
        self.init(level: level, message: message, step: json["step"]?.string)
    }
}
