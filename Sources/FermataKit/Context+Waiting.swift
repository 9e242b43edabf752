import JSON
import WorkflowModel

extension Context {
    /// Goes on after `duration`, wherever the run is then. A run that sleeps costs nothing.
    public func sleep(_ duration: Duration, step name: String? = nil) async throws {
        _ = try await perform(["wait": ["durationMs": duration.json]], as: name, orLike: "sleep")
    }

    /// Holds until a person has decided.
    ///
    /// - Returns: What was decided; ``Approval/Status/expired`` where nobody did in time.
    public func waitForApproval(
        _ message: String, _ policy: ApprovalPolicy? = nil, step name: String? = nil
    ) async throws -> Approval {
        var approval = policy?.json ?? [:]
        approval["message"] = .string(message.literal)
        let (key, decision) = try await perform(["approval": .object(approval)], as: name, orLike: "approval")
        return try decode(decision, from: key)
    }

    /// Holds until a person has said something.
    ///
    /// - Parameters:
    ///   - prompt: What is asked.
    ///   - type: What the answer must be.
    ///   - schema: The JSON Schema that it must fit, beside that.
    ///   - fallback: The answer where nobody gives one in time.
    ///   - expiresAfter: How long one has.
    ///   - name: What the step is called.
    /// - Throws: ``WorkflowFailure``, `input.expired` where nobody has answered in time and there is no fallback.
    public func waitForInput<Input: Codable & Sendable>(
        _ prompt: String, as type: Input.Type = Input.self, schema: JSON? = nil, fallback: Input? = nil,
        expiresAfter: Duration? = nil, step name: String? = nil
    ) async throws -> Input {
        var input: JSONObject = ["prompt": .string(prompt.literal)]
        input["schema"] = schema?.value
        input["default"] = try fallback.map { try JSONCoding.encode($0).literal }
        input["expiresAfterMs"] = expiresAfter?.json
        let (key, answer) = try await perform(["input": .object(input)], as: name, orLike: "input")
        return try decode(answer, from: key)
    }

    /// Holds until a signal comes, or takes the oldest that has.
    ///
    /// - Returns: What was sent with it; nil where none has come in time.
    public func signal<Payload: Codable & Sendable>(
        _ signal: String, as type: Payload.Type = Payload.self, timeout: Duration? = nil, step name: String? = nil
    ) async throws -> Payload? {
        var conditions: [JSONValue] = [["signal": .string(signal)]]
        if let timeout { conditions.append(["durationMs": timeout.json]) }
        let (key, wait) = try await perform(["wait": .array(conditions)], as: name, orLike: signal)
        guard wait["fired"]?.string == "signal" else { return nil }
        return try decode(wait["payload"] ?? .null, from: key)
    }

    /// Runs another workflow as a child of this run, and gives what it leaves.
    public func child<Child: Workflow>(
        _ workflow: Child, _ input: Child.Input, step name: String? = nil
    ) async throws -> Child.Output {
        try program.host(workflow.hosted)
        let child: JSONObject = ["workflow": .string(Child.name), "with": try JSONCoding.encode(input).literal]
        let (key, output) = try await perform(child, as: name, orLike: Child.name)
        return try decode(output, from: key)
    }
}

extension Context {
    /// What the workflow has set a member of the run's state to; nil where it has not.
    ///
    /// - Throws: ``WorkflowFailure``, `output.invalid` where it is of another type, and `step.nested` in a flow's step, which is given what
    ///   stands in `with`.
    public func state<Value: Decodable>(_ member: String, as type: Value.Type = Value.self) throws -> Value? {
        if let step = RunningStep.current, step.reporter != nil {
            throw WorkflowFailure.misuse(
                "step.nested",
                "The state is the flow's: let the step \"\(step.name)\" be given it, with: \"${state.\(member)}\".")
        }
        return try program.value(of: member).map { try decode($0, from: member) }
    }

    /// Sets a member of the run's state, which everybody can see who looks at the run.
    public func setState<Value: Codable & Sendable>(_ member: String, _ value: Value) async throws {
        let encoded = try JSONCoding.encode(value)
        let change: JSONObject = ["set": .object([member: encoded.literal])]
        _ = try await perform(change, as: nil, orLike: "set \(member)")
        program.keep(encoded, as: member)
    }
}

// What a program gives the engine is data, and documents have expressions in their texts.

extension String {
    /// The template that is this text.
    var literal: String {
        var (text, rest) = ("", self[...])
        while let dollar = rest.firstIndex(of: "$") {
            text += rest[..<dollar]
            let tail = rest[dollar...]
            text += tail.hasPrefix("${") ? "$$" : "$"
            rest = tail.dropFirst()
        }
        return text + rest
    }
}

extension JSONValue {
    /// The same, with every text a template that is that text.
    var literal: JSONValue {
        switch self {
        case .null, .bool, .number: self
        case .string(let text): .string(text.literal)
        case .array(let elements): .array(elements.map(\.literal))
        case .object(let members): .object(JSONObject(members.map { ($0.key, $0.value.literal) }))
        }
    }
}
