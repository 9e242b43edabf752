package import JSON

extension RunEvent {
    /// What an event is, by the name of its notification's method.
    package enum Kind: String, Sendable, CaseIterable {
        case created = "run/created"
        case forked = "run/forked"
        case imported = "run/imported"
        case statusChanged = "run/statusChanged"
        case stepStarted = "step/started"
        case stepCompleted = "step/completed"
        case stepFailed = "step/failed"
        case inputRequested = "execution/inputRequested"
        case approvalRequested = "execution/approvalRequested"
        case voteRecorded = "execution/voteRecorded"
        case interactionResolved = "execution/interactionResolved"
        case agentTurned = "agent/turned"
        case agentTold = "agent/told"
        case toolCalled = "tool/called"
        case toolReturned = "tool/returned"
        case logged = "execution/log"
        case signalReceived = "execution/signalReceived"
        case ending = "run/ending"
        case retryScheduled = "run/retryScheduled"
        case timedOut = "run/timedOut"
        case completed = "run/completed"
        case failed = "run/failed"
        case cancelled = "run/cancelled"
    }

    package var kind: Kind {
        switch self {
        case .created: .created
        case .forked: .forked
        case .imported: .imported
        case .statusChanged: .statusChanged
        case .stepStarted: .stepStarted
        case .stepCompleted: .stepCompleted
        case .stepFailed: .stepFailed
        case .interactionRequested(let interaction):
            interaction.kind == .approval ? .approvalRequested : .inputRequested
        case .voteRecorded: .voteRecorded
        case .interactionResolved: .interactionResolved
        case .agentTurned: .agentTurned
        case .agentTold: .agentTold
        case .toolCalled: .toolCalled
        case .toolReturned: .toolReturned
        case .logged: .logged
        case .signalReceived: .signalReceived
        case .ending: .ending
        case .retryScheduled: .retryScheduled
        case .timedOut: .timedOut
        case .completed: .completed
        case .failed: .failed
        case .cancelled: .cancelled
        }
    }

    /// The method of its notification.
    package var type: String { kind.rawValue }

    /// Whether a run appears with it: the client that asked for the run is told from here on.
    package var makesRun: Bool {
        switch self {
        case .created, .forked, .imported: true
        default: false
        }
    }

    /// Whether it changes what people are asked.
    package var isAboutInteraction: Bool {
        switch self {
        case .interactionRequested, .voteRecorded, .interactionResolved: true
        default: false
        }
    }

    /// As its notification has it.
    package var data: JSONValue {
        var writer = JSONWriter()
        writer.beginObject()
        writeData(to: &writer)
        writer.endObject()
        // What was just written can be read.
        return (try? JSONValue(parsing: writer.bytes)) ?? .null
    }

    /// Writes the members of the event's data into an object that is open.
    package func writeData(to writer: inout JSONWriter) {
        switch self {
        case .created(let event): event.write(to: &writer)
        case .forked(let event): event.write(to: &writer)
        case .imported(let event): event.write(to: &writer)
        case .statusChanged(let event): event.write(to: &writer)
        case .stepStarted(let event): event.write(to: &writer)
        case .stepCompleted(let event): event.write(to: &writer)
        case .stepFailed(let event): event.write(to: &writer)
        case .interactionRequested(let interaction):
            for (key, value) in interaction.json { writer.field(named: key, value) }
        case .voteRecorded(let id, let vote):
            writer.field("interactionId", id)
            writer.field("vote", vote.json)
        case .interactionResolved(let event): event.write(to: &writer)
        case .agentTurned(let event): event.write(to: &writer)
        case .agentTold(let event): event.write(to: &writer)
        case .toolCalled(let event): event.write(to: &writer)
        case .toolReturned(let event): event.write(to: &writer)
        case .logged(let entry):
            writer.field("level", entry.level.rawValue)
            writer.field("message", entry.message)
            writer.optionalField("step", entry.step)
        case .signalReceived(let signal):
            writer.field("name", signal.name)
            writer.optionalField("payload", signal.payload)
            writer.optionalField("idempotencyKey", signal.idempotencyKey)
        case .ending(let ending): ending.write(to: &writer)
        case .retryScheduled(let failure, let moment):
            writer.key("error")
            failure.write(to: &writer)
            writer.field("willRetryAt", moment.description)
        case .timedOut(let timeout):
            writer.field("ms", Int(timeout.after.milliseconds))
            writer.field("action", timeout.action.rawValue)
            writer.field("clock", timeout.clock.rawValue)
        case .completed(let output): writer.field("output", output)
        case .failed(let failure):
            writer.key("error")
            failure.write(to: &writer)
        case .cancelled(let reason): writer.optionalField("reason", reason)
        }
    }
}

extension JSONWriter {
    package mutating func optionalField(_ key: StaticString, _ value: String?) {
        if let value { field(key, value) }
    }

    package mutating func optionalField(_ key: StaticString, _ value: JSONValue?) {
        if let value { field(key, value) }
    }
}

extension Failure: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("kind", kind)
        writer.field("message", message)
        writer.field("retryable", isRetryable)
        writer.optionalField("step", step)
        writer.optionalField("details", details)
        writer.endObject()
    }

    package var json: JSONValue {
        var members: JSONObject = [
            "kind": .string(kind), "message": .string(message), "retryable": .bool(isRetryable),
        ]
        members["step"] = step.map { .string($0) }
        members["details"] = details
        return .object(members)
    }

    package init?(json: JSONValue) {
        guard let kind = json["kind"]?.string, let message = json["message"]?.string else { return nil }
        self.init(
            kind: kind, message: message, isRetryable: json["retryable"]?.bool ?? true, details: json["details"])
        step = json["step"]?.string
    }
}

extension RunCreated {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.field("workflow", workflow)
        writer.field("version", version)
        writer.field("namespace", namespace)
        writer.field("cwd", cwd)
        writer.optionalField("input", input)
        writer.optionalField("options", options)
        if !labels.isEmpty { writer.field("labels", .object(labels)) }
        writer.optionalField("client", client)
        if let parent {
            writer.key("parent")
            writer.beginObject()
            writer.field("runId", parent.runID)
            writer.field("path", parent.path)
            writer.field("depth", parent.depth)
            writer.endObject()
        }
    }
}

extension RunEnding {
    fileprivate func write(to writer: inout JSONWriter) {
        switch outcome {
        case .failed(let failure):
            writer.field("status", RunStatus.failed.rawValue)
            writer.key("error")
            failure.write(to: &writer)
        case .cancelled(let reason):
            writer.field("status", RunStatus.cancelled.rawValue)
            writer.optionalField("reason", reason)
        }
        writer.optionalField("graceUntil", graceUntil?.description)
    }
}

extension StatusChanged {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.field("status", status.rawValue)
        writer.field("isPaused", isPaused)
        writer.field("previous", previous.rawValue)
        writer.optionalField("executionId", executionID)
        writer.optionalField("from", from?.rawValue)
    }
}

extension StepStarted {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.field("path", path)
        writer.field("step", step)
        writer.field("kind", kind)
        writer.field("iteration", iteration)
        writer.field("attempt", attempt)
        writer.optionalField("input", input)
        writer.optionalField("until", until?.description)
        writer.optionalField("definition", definition.map { .object($0.step.source) })
    }
}

extension FlowDecision: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(to: &writer)
        writer.endObject()
    }

    package func writeMembers(to writer: inout JSONWriter) {
        writer.field("from", from)
        writer.field("to", to.name)
        writer.optionalField("condition", condition)
        writer.optionalField("value", value)
        writer.field("reason", reason)
    }

    init?(json: JSONValue) {
        guard let from = json["from"]?.string, let to = json["to"]?.string else { return nil }
        self.init(
            from: from, to: Target(named: to), condition: json["condition"]?.string, value: json["value"],
            reason: json["reason"]?.string ?? "")
    }
}

extension Progress: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(to: &writer)
        writer.endObject()
    }

    package func writeMembers(to writer: inout JSONWriter) {
        writer.field("current", current)
        writer.field("total", total)
        writer.optionalField("message", message)
    }

    init?(json: JSONValue) {
        guard let current = json["current"]?.tally, let total = json["total"]?.tally else { return nil }
        self.current = current
        self.total = total
        message = json["message"]?.string
    }
}

extension StepCompleted {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.field("path", path)
        writer.field("step", step)
        writer.field("attempt", attempt)
        writer.field("output", output)
        writer.optionalField("reading", reading)
        writer.optionalField("scopeResult", scopeResult)
        if let set { writer.field("set", .object(set)) }
        writer.key("decision")
        decision.write(to: &writer)
        writer.key("progress")
        progress.write(to: &writer)
    }
}

extension StepFailed {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.field("path", path)
        writer.field("step", step)
        writer.field("attempt", attempt)
        writer.key("error")
        failure.write(to: &writer)
        writer.optionalField("willRetryAt", willRetryAt?.description)
        if let decision {
            writer.key("decision")
            decision.write(to: &writer)
        }
        writer.optionalField("scopeResult", scopeResult)
    }
}

extension InteractionResolved {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.field("interactionId", interactionID)
        writer.field("kind", kind.rawValue)
        writer.field("path", path)
        writer.field("status", outcome.rawValue)
        writer.optionalField("value", value)
        writer.optionalField(kind == .approval ? "approver" : "by", by)
        writer.optionalField("message", message)
        writer.optionalField("client", client)
    }
}
