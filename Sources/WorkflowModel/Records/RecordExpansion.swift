import JSON

/// Puts back what the journal leaves out of an event: the inverse of `RunEvent.writeRecord`.
struct RecordExpansion {
    private let workflow: Workflow?
    /// The newest `agent/turned` and `step/completed` of the append.
    private var turned: JSONValue?
    private var completed: JSONValue?

    init(of workflow: Workflow?) { self.workflow = workflow }

    mutating func pass(_ type: String, _ data: JSONValue) {
        switch type {
        case "agent/turned": turned = data
        case "step/completed": completed = data
        default: break
        }
    }

    /// The members as `RunEvent.writeData` writes them. What they are worth shows when the event is made of them.
    func whole(_ type: String, _ members: JSONObject) -> JSONObject {
        switch type {
        case "run/statusChanged":
            let previous = members["status"]?.string.flatMap(RunStatus.init)?.usualPrevious
            return members.completed(with: [
                ("status", nil), ("isPaused", false), ("previous", previous.map { .string($0.rawValue) }),
            ])
        case "step/started": return start(members)
        case "step/completed": return completion(members)
        case "agent/turned":
            return members.completed(with: [
                ("path", nil), ("attempt", 1), ("turn", 1), ("text", nil), ("usage", [:]),
            ])
        case "run/completed":
            let output = completed?["scopeResult"] ?? completed?["reading"] ?? completed?["output"]
            return members.completed(with: [("output", output)])
        default: return members
        }
    }

    private func start(_ members: JSONObject) -> JSONObject {
        let path = members["path"] ?? completed?["decision"]?["to"]
        let step = members["step"] ?? path
        var (kind, input) = (members["kind"], members["input"])
        if kind == nil {
            let known = step?.string.flatMap { workflow?.constantInputs[$0] }
            (kind, input) = (known.map { .string($0.kind) }, known?.input)
            // Who reads without the workflow does not ask what it is.
            if workflow == nil { kind = "" }
        }
        return members.completed(with: [
            ("path", path), ("step", step), ("kind", kind), ("iteration", 1), ("attempt", 1), ("input", input),
        ])
    }

    private func completion(_ members: JSONObject) -> JSONObject {
        var members = members
        let path = members["path"] ?? turned?["path"]
        let step = members["step"] ?? path
        if case .string? = members["decision"], let to = members["decision"], let from = step {
            members["decision"] = ["from": from, "to": to, "reason": .string(FlowDecision.usualReason)]
        }
        if case .array(let counts)? = members["progress"], counts.count == 2, let message = step {
            members["progress"] = ["current": counts[0], "total": counts[1], "message": message]
        }
        return members.completed(with: [
            ("path", path), ("step", step), ("attempt", 1),
            ("output", members["output"] ?? outcome(at: path)),
        ])
    }

    /// What the agent's step at a path leaves with the turn before it.
    private func outcome(at path: JSONValue?) -> JSONValue? {
        guard let turned, turned["path"] == path else { return nil }
        return AgentTurned(json: turned).map(Conversation.outcome)
    }
}

extension JSONObject {
    /// The members in the order given, each with its usual value where it is absent, and then the others.
    fileprivate func completed(with usual: [(name: String, value: JSONValue?)]) -> JSONObject {
        var whole = JSONObject(minimumCapacity: usual.count + count)
        for (name, value) in usual { whole[name] = self[name] ?? value }
        for (name, value) in self where !usual.contains(where: { $0.name == name }) { whole.set(name, to: value) }
        return whole
    }
}

extension FlowDecision {
    /// Why a run mostly goes on: the step says where to, without a condition.
    package static let usualReason = "next"
}
