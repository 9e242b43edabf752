package import JSON

/// An event in the journal that this version cannot read.
package struct UnreadableEvent: Error, Sendable {
    /// Nil where it cannot be told, since the text is damaged.
    package var type: String?

    package init(type: String? = nil) { self.type = type }
}

extension RunEvent {
    /// Reads an event that stands alone; the inverse of `type` and `data`.
    package init(type: String, data: JSONValue) throws(UnreadableEvent) {
        var writer = JSONWriter()
        writer.value(data)
        let event = writer.bytes.withUnsafeBytes { text in
            var cursor = JSONScanner(text)
            return (try? ScannedObject(&cursor)).flatMap { RunEvent(type: type, $0, at: AppendPlace(of: nil)) }
        }
        guard let event else { throw UnreadableEvent(type: type) }
        self = event
    }

    /// Reads an event of an append; what the journal leaves out of it, the place it stands at puts back.
    init?(type: String, _ members: ScannedObject, at place: AppendPlace) {
        guard let event = Self.read(type, members, at: place) else { return nil }
        self = event
    }

    private static func read(_ type: String, _ members: ScannedObject, at place: AppendPlace) -> RunEvent? {
        switch Kind(rawValue: type) {
        case .created: RunCreated(members).map { .created($0) }
        case .forked: RunForked(members).map { .forked($0) }
        case .imported: RunImported(members).map { .imported($0) }
        case .statusChanged: StatusChanged(members).map { .statusChanged($0) }
        case .stepStarted: StepStarted(members, at: place).map { .stepStarted($0) }
        case .stepCompleted: StepCompleted(members, at: place).map { .stepCompleted($0) }
        case .stepFailed: StepFailed(members).map { .stepFailed($0) }
        case .approvalRequested, .inputRequested:
            Interaction(json: members.value).map { .interactionRequested($0) }
        case .voteRecorded: vote(members)
        case .interactionResolved: InteractionResolved(members).map { .interactionResolved($0) }
        case .agentTurned: AgentTurned(members).map { .agentTurned($0) }
        case .agentTold: AgentTold(members).map { .agentTold($0) }
        case .toolCalled: ToolCalled(members).map { .toolCalled($0) }
        case .toolReturned: ToolReturned(members).map { .toolReturned($0) }
        case .logged: LogEntry(members).map { .logged($0) }
        case .signalReceived: signal(members)
        case .ending: RunEnding(members).map { .ending($0) }
        case .retryScheduled: retry(members)
        case .timedOut: timeout(members).map { .timedOut($0) }
        case .completed: (members["output"]?.value ?? place.left).map { .completed(output: $0) }
        case .failed: members.failure.map { .failed($0) }
        case .cancelled: .cancelled(reason: members["reason"]?.string)
        case nil: nil
        }
    }

    private static func vote(_ members: ScannedObject) -> RunEvent? {
        guard let id = members["interactionId"]?.string,
            let vote = members["vote"].flatMap({ Interaction.Vote(json: $0.value) })
        else { return nil }
        return .voteRecorded(interactionID: id, vote: vote)
    }

    private static func signal(_ members: ScannedObject) -> RunEvent? {
        guard let name = members["name"]?.string else { return nil }
        return .signalReceived(
            Signal(name: name, payload: members["payload"]?.value, idempotencyKey: members["idempotencyKey"]?.string))
    }

    private static func retry(_ members: ScannedObject) -> RunEvent? {
        guard let failure = members.failure, let moment = members.moment("willRetryAt") else { return nil }
        return .retryScheduled(failure, at: moment)
    }

    private static func timeout(_ members: ScannedObject) -> RunOptions.Timeout? {
        guard let ms = members["ms"]?.int,
            let action = members["action"]?.string.flatMap(RunOptions.Timeout.Action.init),
            let clock = members["clock"]?.string.flatMap(RunOptions.Timeout.Clock.init)
        else { return nil }
        return RunOptions.Timeout(after: .milliseconds(ms), action: action, clock: clock)
    }
}

extension JSONValue {
    /// A number that counts something. One that no run comes to is damage, and must not overflow when it is counted on.
    var tally: Int? { int.flatMap { (0...Int(Int32.max)).contains($0) ? $0 : nil } }
}

extension ScannedValue {
    /// The same.
    var tally: Int? { int.flatMap { (0...Int(Int32.max)).contains($0) ? $0 : nil } }
}

extension ScannedObject {
    fileprivate var failure: Failure? { self["error"].flatMap { Failure(json: $0.value) } }

    fileprivate var decision: FlowDecision? { self["decision"].flatMap { FlowDecision(json: $0.value) } }

    fileprivate func moment(_ name: StaticString) -> Timestamp? {
        self[name]?.string.flatMap(Timestamp.init(parsing:))
    }

    // What is usual where a member is absent; nil where it is there and something else.

    fileprivate func string(_ name: StaticString, usually usual: String?) -> String? {
        self[name].map(\.string) ?? usual
    }

    fileprivate func tally(_ name: StaticString, usually usual: Int) -> Int? { self[name].map(\.tally) ?? usual }
}

extension RunCreated {
    fileprivate init?(_ members: ScannedObject) {
        guard let workflow = members["workflow"]?.string, let version = members["version"]?.string,
            let namespace = members["namespace"]?.string, let cwd = members["cwd"]?.string
        else { return nil }
        self.init(
            workflow: workflow, version: version, namespace: namespace, cwd: cwd, input: members["input"]?.value,
            options: members["options"]?.value, labels: members["labels"]?.value.object ?? [:],
            client: members["client"]?.string, parent: members["parent"]?.object.flatMap(ParentReference.init))
    }
}

extension ParentReference {
    fileprivate init?(_ members: ScannedObject) {
        guard let runID = members["runId"]?.string, let path = members["path"]?.string,
            let depth = members["depth"]?.tally
        else { return nil }
        self.init(runID: runID, path: path, depth: depth)
    }
}

extension RunEnding {
    fileprivate init?(_ members: ScannedObject) {
        let outcome = members.failure.map(Outcome.failed) ?? .cancelled(reason: members["reason"]?.string)
        self.init(outcome: outcome, graceUntil: members.moment("graceUntil"))
    }
}

extension StatusChanged {
    fileprivate init?(_ members: ScannedObject) {
        guard let status = members["status"]?.string.flatMap(RunStatus.init),
            let previous = members.string("previous", usually: status.usualPrevious.rawValue).flatMap(RunStatus.init),
            let isPaused = members["isPaused"].map(\.bool) ?? false
        else { return nil }
        self.init(
            status: status, isPaused: isPaused, previous: previous, executionID: members["executionId"]?.string,
            from: members["from"]?.string.flatMap(RetryOrigin.init))
    }
}

extension StepStarted {
    fileprivate init?(_ members: ScannedObject, at place: AppendPlace) {
        guard let path = members.string("path", usually: place.target),
            let step = members.string("step", usually: path),
            let iteration = members.tally("iteration", usually: 1), let attempt = members.tally("attempt", usually: 1)
        else { return nil }
        var (kind, input) = (members["kind"]?.string, members["input"]?.value)
        if members["kind"] == nil {
            let known = place.workflow?.constantInputs[step]
            // Who reads without the workflow does not ask what it is.
            (kind, input) = (place.workflow == nil ? "" : known?.kind, known?.input)
        }
        guard let kind else { return nil }
        self.init(
            path: path, step: step, kind: kind, iteration: iteration, attempt: attempt, input: input,
            until: members.moment("until"))
        guard let source = members["definition"]?.value else { return }
        guard let members = source.object,
            let definition = StepDefinition(recorded: members, name: step, kind: kind)
        else { return nil }
        self.definition = definition
    }
}

extension StepCompleted {
    fileprivate init?(_ members: ScannedObject, at place: AppendPlace) {
        guard let path = members.string("path", usually: place.turned?.path),
            let step = members.string("step", usually: path), let attempt = members.tally("attempt", usually: 1),
            let output = members["output"]?.value ?? place.outcome(at: path),
            let decision = members["decision"]?.string.map({ FlowDecision(usualFrom: step, to: $0) })
                ?? members.decision,
            let progress = members["progress"].flatMap({ Progress(recorded: $0.value, of: step) })
        else { return nil }
        self.init(
            path: path, step: step, attempt: attempt, output: output, set: members["set"]?.value.object,
            decision: decision, progress: progress, reading: members["reading"]?.value,
            scopeResult: members["scopeResult"]?.value)
    }
}

extension Progress {
    /// Its two numbers alone where its message is the step's name.
    fileprivate init?(recorded json: JSONValue, of step: String) {
        guard case .array(let counts) = json else {
            self.init(json: json)
            return
        }
        guard counts.count == 2, let current = counts[0].tally, let total = counts[1].tally else { return nil }
        self.init()
        (self.current, self.total, message) = (current, total, step)
    }
}

extension StepFailed {
    fileprivate init?(_ members: ScannedObject) {
        guard let path = members["path"]?.string, let step = members["step"]?.string,
            let attempt = members["attempt"]?.tally, let failure = members.failure
        else { return nil }
        self.init(
            path: path, step: step, attempt: attempt, failure: failure, willRetryAt: members.moment("willRetryAt"),
            decision: members.decision, scopeResult: members["scopeResult"]?.value)
    }
}

extension InteractionResolved {
    fileprivate init?(_ members: ScannedObject) {
        guard let id = members["interactionId"]?.string,
            let kind = members["kind"]?.string.flatMap(Interaction.Kind.init),
            let path = members["path"]?.string, let outcome = members["status"]?.string.flatMap(Outcome.init)
        else { return nil }
        self.init(
            interactionID: id, kind: kind, path: path, outcome: outcome, value: members["value"]?.value,
            by: members[kind == .approval ? "approver" : "by"]?.string, message: members["message"]?.string,
            client: members["client"]?.string)
    }
}

extension LogEntry {
    fileprivate init?(_ members: ScannedObject) {
        guard let level = members["level"]?.string.flatMap(LogLevel.init), let message = members["message"]?.string
        else { return nil }
        self.init(level: level, message: message, step: members["step"]?.string)
    }
}

extension AgentTurned {
    fileprivate init?(_ members: ScannedObject) {
        guard let path = members["path"]?.string, let attempt = members.tally("attempt", usually: 1),
            let turn = members.tally("turn", usually: 1), let text = members["text"]?.string
        else { return nil }
        let usage = ModelUsage(json: members["usage"]?.value ?? [:])
        var answer = ModelAnswer(text: text, usage: usage, state: members["state"]?.value)
        answer.thoughtBytes = members["thoughtBytes"]?.tally ?? 0
        answer.stopReason = members["stopReason"]?.string.flatMap(ModelAnswer.StopReason.init)
        self.init(
            path: path, attempt: attempt, turn: turn, answer: answer, isVerified: members["verified"]?.bool ?? false)
    }
}

extension AgentTold {
    fileprivate init?(_ members: ScannedObject) {
        guard let path = members["path"]?.string, let attempt = members["attempt"]?.tally,
            let text = members["text"]?.string
        else { return nil }
        self.init(path: path, attempt: attempt, text: text)
    }
}

extension ToolCalled {
    fileprivate init?(_ members: ScannedObject) {
        guard let path = members["path"]?.string, let agent = members["agent"]?.string,
            let tool = members["tool"]?.string, let callID = members["callId"]?.string,
            let input = members["input"]?.value
        else { return nil }
        self.init(
            path: path, agent: agent, tool: tool, callID: callID, input: input, attempt: members["attempt"]?.tally)
    }
}

extension ToolReturned {
    fileprivate init?(_ members: ScannedObject) {
        guard let path = members["path"]?.string, let tool = members["tool"]?.string,
            let result = members.failure.map(Conversation.Result.failed)
                ?? members["output"].map({ .returned($0.value) })
        else { return nil }
        self.init(path: path, tool: tool, result: result)
    }
}

extension RunForked {
    fileprivate init?(_ members: ScannedObject) {
        guard let source = RunSource(json: members["origin"]?.value), let namespace = members["namespace"]?.string
        else { return nil }
        self.init(
            source: source, namespace: namespace, input: members["input"]?.value,
            state: members["state"]?.value.object, client: members["client"]?.string)
    }
}

extension RunImported {
    fileprivate init?(_ members: ScannedObject) {
        guard let source = RunSource(json: members["origin"]?.value), let namespace = members["namespace"]?.string
        else { return nil }
        self.init(
            source: source, namespace: namespace, leavesParent: members["leavesParent"]?.bool ?? false,
            client: members["client"]?.string)
    }
}
