import JSON

/// Where an event stands in its append: what need not be written, since who reads it has it by then.
struct AppendPlace {
    /// Nil where who reads does not know it.
    let workflow: Workflow?
    /// The newest turn of an agent.
    private(set) var turned: AgentTurned?
    /// Where the flow has gone.
    private(set) var target: String?
    /// What the newest step that was completed left.
    private(set) var left: JSONValue?

    init(of workflow: Workflow?) { self.workflow = workflow }

    mutating func pass(_ event: RunEvent) {
        switch event {
        case .agentTurned(let turned): self.turned = turned
        case .stepCompleted(let completion):
            target = if case .step(let name) = completion.decision.to { name } else { nil }
            left = completion.scopeResult ?? completion.reading ?? completion.output
        default: break
        }
    }

    /// Whether the document says what a step's body gets.
    fileprivate func knowsInput(of start: StepStarted) -> Bool {
        guard let input = start.input, let known = workflow?.constantInputs[start.step] else { return false }
        return known.kind == start.kind && known.input.isIdentical(to: input)
    }

    /// Whether the output is what the agent's step leaves with the turn before it.
    fileprivate func knowsOutput(of completion: StepCompleted) -> Bool {
        guard let turned, turned.path == completion.path else { return false }
        return Conversation.isOutcome(completion.output, of: turned)
    }

    /// What the agent's step at a path leaves with the turn before it.
    func outcome(at path: String) -> JSONValue? {
        guard let turned, turned.path == path else { return nil }
        return Conversation.outcome(of: turned)
    }

    /// Whether the output of the run is what its last step left.
    fileprivate func knowsOutput(_ output: JSONValue) -> Bool {
        left?.isIdentical(to: output) ?? false
    }
}

extension RunEvent {
    /// Writes the members that the journal has of an event into an object that is open; reading puts the others back
    /// (`RunEvent+Reading.swift`).
    /// A member that one of these events gets must be written here as well, since nothing puts it back.
    func writeRecord(to writer: inout JSONWriter, at place: AppendPlace) {
        switch self {
        case .statusChanged(let event): event.writeRecord(to: &writer)
        case .stepStarted(let event): event.writeRecord(to: &writer, at: place)
        case .stepCompleted(let event): event.writeRecord(to: &writer, at: place)
        case .agentTurned(let event): event.writeRecord(to: &writer)
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
        if path != place.turned?.path { writer.field("path", path) }
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
    /// Why a run mostly goes on: the step says where to, without a condition.
    package static let usualReason = "next"

    init(usualFrom step: String, to target: String) {
        self.init(from: step, to: Target(named: target), reason: Self.usualReason)
    }

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
