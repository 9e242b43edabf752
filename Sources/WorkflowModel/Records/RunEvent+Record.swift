import JSON

/// Where an event stands in its append: what need not be written, since who reads it has it by then.
struct AppendPlace {
    let workflow: Workflow
    private var turned: AgentTurned?
    /// Where the flow has gone in this append.
    fileprivate private(set) var target: String?
    /// What the newest step that was completed in it left.
    private var left: JSONValue?

    init(of workflow: Workflow) { self.workflow = workflow }

    /// The step whose agent has answered in this append.
    fileprivate var agent: String? { turned?.path }

    fileprivate mutating func pass(_ event: AgentTurned) { turned = event }

    fileprivate mutating func pass(_ event: StepCompleted) {
        target = if case .step(let name) = event.decision.to { name } else { nil }
        left = event.scopeResult ?? event.reading ?? event.output
    }

    /// Whether the document says what a step's body gets.
    fileprivate func knowsInput(of start: StepStarted) -> Bool {
        guard let input = start.input, let known = workflow.constantInputs[start.step] else { return false }
        return known.kind == start.kind && known.input.isIdentical(to: input)
    }

    /// Whether the output is what the agent's step leaves with the turn before it.
    fileprivate func knowsOutput(of completion: StepCompleted) -> Bool {
        guard let turned, turned.path == completion.path else { return false }
        return Conversation.isOutcome(completion.output, of: turned)
    }

    /// Whether the output of the run is what its last step left.
    fileprivate func knowsOutput(_ output: JSONValue) -> Bool {
        left?.isIdentical(to: output) ?? false
    }
}

extension RunEvent {
    /// Writes the members that the journal has of an event into an object that is open; `RecordExpansion` puts the others
    /// back.
    /// A member that one of these events gets must be written here as well, since nothing puts it back.
    func writeRecord(to writer: inout JSONWriter, at place: inout AppendPlace) {
        switch self {
        case .statusChanged(let event): event.writeRecord(to: &writer)
        case .stepStarted(let event): event.writeRecord(to: &writer, at: place)
        case .stepCompleted(let event):
            event.writeRecord(to: &writer, at: place)
            place.pass(event)
        case .agentTurned(let event):
            event.writeRecord(to: &writer)
            place.pass(event)
        case .completed(let output): if !place.knowsOutput(output) { writer.field("output", output) }
        default: writeData(to: &writer)
        }
    }
}

extension StatusChanged {
    fileprivate func writeRecord(to writer: inout JSONWriter) {
        writer.field("status", status.rawValue)
        if isPaused { writer.field("isPaused", true) }
        if previous != status.usualPrevious { writer.field("previous", previous.rawValue) }
        writer.optionalField("executionId", executionID)
        writer.optionalField("from", from?.rawValue)
    }
}

extension RunStatus {
    /// What a run mostly was before it became this.
    var usualPrevious: RunStatus { self == .inProgress ? .pending : .inProgress }
}

extension StepStarted {
    fileprivate func writeRecord(to writer: inout JSONWriter, at place: AppendPlace) {
        let isInputKnown = place.knowsInput(of: self)
        if path != place.target { writer.field("path", path) }
        if step != path { writer.field("step", step) }
        if !isInputKnown { writer.field("kind", kind) }
        if iteration != 1 { writer.field("iteration", iteration) }
        if attempt != 1 { writer.field("attempt", attempt) }
        if !isInputKnown { writer.optionalField("input", input) }
        writer.optionalField("until", until?.description)
        writer.optionalField("definition", definition.map { .object($0.step.source) })
    }
}

extension StepCompleted {
    fileprivate func writeRecord(to writer: inout JSONWriter, at place: AppendPlace) {
        if path != place.agent { writer.field("path", path) }
        if step != path { writer.field("step", step) }
        if attempt != 1 { writer.field("attempt", attempt) }
        if !place.knowsOutput(of: self) { writer.field("output", output) }
        writer.optionalField("reading", reading)
        writer.optionalField("scopeResult", scopeResult)
        if let set { writer.field("set", .object(set)) }
        if decision.isUsual(from: step) {
            writer.field("decision", decision.to.name)
        } else {
            writer.field("decision", decision)
        }
        guard progress.message == step else { return writer.field("progress", progress) }
        writer.key("progress")
        writer.beginArray()
        writer.int(progress.current)
        writer.int(progress.total)
        writer.endArray()
    }
}

extension FlowDecision {
    /// Whether it says no more than where the flow goes from a step.
    fileprivate func isUsual(from step: String) -> Bool {
        from == step && condition == nil && value == nil && reason == Self.usualReason
    }
}

extension AgentTurned {
    fileprivate func writeRecord(to writer: inout JSONWriter) {
        writer.field("path", path)
        if attempt != 1 { writer.field("attempt", attempt) }
        if turn != 1 { writer.field("turn", turn) }
        writer.field("text", text)
        if usage != ModelUsage() { writer.field("usage", usage) }
        writer.optionalField("state", state)
        if thoughtBytes > 0 { writer.field("thoughtBytes", thoughtBytes) }
        if let stopReason { writer.field("stopReason", stopReason.rawValue) }
        if isVerified { writer.field("verified", true) }
    }
}
