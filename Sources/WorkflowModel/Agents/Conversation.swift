package import JSON

/// What an agent step and its model have said to each other: the fold of the turns in the journal.
package struct Conversation: Sendable, Hashable {
    /// One answer of the model, with what became of the tools it called.
    package struct Turn: Sendable, Hashable {
        package var text: String
        /// The attempt that it belongs to.
        package var attempt: Int
        /// What the model's provider must see again.
        package var state: JSONValue?
        package var calls: [Call] = []
        /// How much the model has thought, in bytes as they were told.
        package var thoughtBytes = 0
        package var stopReason: ModelAnswer.StopReason?
        /// What the model is told beside that: why its answer is not the last one.
        package var told: String?
    }

    package struct Call: Sendable, Hashable {
        /// The path of the step that performs it.
        package var path: String
        /// The model's own name for the call.
        package var id: String
        package var tool: String
        package var input: JSONValue
        /// Nil while it is under way.
        package var result: Result?

        package init(path: String, id: String, tool: String, input: JSONValue) {
            self.path = path
            self.id = id
            self.tool = tool
            self.input = input
        }
    }

    package enum Result: Sendable, Hashable {
        case returned(JSONValue)
        case failed(Failure)
    }

    /// Those of this attempt, and of the ones it goes on from.
    package private(set) var turns: [Turn] = []
    /// Whether its next turn waits for a person to grant a budget.
    package var isHeld = false
    /// What all attempts took.
    package private(set) var usage = ModelUsage()
    /// How often its answers were looked at by a step.
    package private(set) var verifications = 0
    /// How often each tool was called: no two calls have one path, whatever was begun anew.
    private var counts: [String: Int] = [:]

    package init() {}

    /// Whether the model has said what it had to say, and nobody has objected.
    package var isAnswered: Bool { turns.last.map { $0.calls.isEmpty && $0.told == nil } ?? false }

    /// Whether tools that the model called are under way.
    package var isCalling: Bool { turns.last?.calls.contains { $0.result == nil } ?? false }

    /// How often in a row the model was told what is wrong, before its last so many turns.
    package func objections(before last: Int) -> Int {
        turns.dropLast(last).reversed().prefix { $0.told != nil }.count
    }

    package mutating func add(_ turned: AgentTurned) {
        turns.append(
            Turn(
                text: turned.text, attempt: turned.attempt, state: turned.state, thoughtBytes: turned.thoughtBytes,
                stopReason: turned.stopReason))
        usage += turned.usage
        usage.countTurn()
    }

    package mutating func call(_ call: Call) {
        guard !turns.isEmpty else { return }
        turns[turns.count - 1].calls.append(call)
        counts[Self.label(of: call.tool), default: 0] += 1
        usage.countCall()
    }

    package mutating func settle(_ path: String, _ result: Result) {
        guard let turn = turns.indices.last, let index = turns[turn].calls.firstIndex(where: { $0.path == path }) else {
            return
        }
        turns[turn].calls[index].result = result
    }

    package mutating func tell(_ text: String) {
        if !turns.isEmpty { turns[turns.count - 1].told = text }
    }

    package mutating func beginVerification() { verifications += 1 }

    /// The model is asked anew, from the prompt.
    package mutating func renew() { turns = [] }

    /// What a tool is called in paths: its name, unless the model has made up one that no path can have.
    package static func label(of tool: String) -> String { WorkflowParser.isStepName(tool) ? tool : "unknown" }

    /// The path of the next call of a tool, by its label, `after` so many that are not recorded yet.
    package func path(ofCallTo tool: String, in step: String, after others: Int = 0) -> String {
        let number = counts[tool, default: 0] + others + 1
        return number == 1 ? "\(step)/tool[\(tool)]" : "\(step)/tool[\(tool)#\(number)]"
    }

    /// What an agent's step leaves that ends here; `output` is what its last answer means, where that has a schema.
    package func result(output: JSONValue) -> JSONValue {
        // Not a literal: one is made for each step of an agent, and once more for what the journal leaves out of it.
        var result = JSONObject(minimumCapacity: 4)
        result.set("text", to: .string(turns.last?.text ?? ""))
        result.set("output", to: output)
        result.set("usage", to: usage.json)
        result.set("toolCalls", to: callList)
        if let reason = turns.last?.stopReason { result.set("stopReason", to: .string(reason.rawValue)) }
        return .object(result)
    }

    /// What an agent's step leaves that had one turn and has no schema.
    static func outcome(of turned: AgentTurned) -> JSONValue {
        var conversation = Conversation()
        conversation.add(turned)
        return conversation.result(output: .null)
    }

    /// Whether a value is written as `outcome(of: turned)` is, which is not made for it: it is asked of every step of
    /// an agent.
    static func isOutcome(_ value: JSONValue, of turned: AgentTurned) -> Bool {
        guard case .object(let result) = value, result.count == 4,
            result.value(at: 0, named: "text") == .string(turned.text),
            case .null? = result.value(at: 1, named: "output"),
            case .array(let calls)? = result.value(at: 3, named: "toolCalls"), calls.isEmpty
        else { return false }
        var usage = turned.usage
        usage.countTurn()
        return result.value(at: 2, named: "usage")?.isIdentical(to: usage.json) ?? false
    }

    /// The calls of all turns, as a step's result tells of them.
    package var callList: JSONValue {
        var list: [JSONValue] = []
        for turn in turns {
            for call in turn.calls {
                let isFailed = if case .failed = call.result { true } else { false }
                list.append(["tool": .string(call.tool), "status": isFailed ? "failed" : "completed"])
            }
        }
        return .array(list)
    }
}

extension Conversation: Archived {
    package mutating func archive(_ archive: inout StateArchive) throws(UnreadableState) {
        try archive.member("turns", &turns)
        try archive.member("isHeld", &isHeld)
        try archive.member("usage", &usage)
        try archive.member("verifications", &verifications)
        try archive.member("counts", &counts)
    }
}

extension Conversation.Turn: Archived {
    package init() { self.init(text: "", attempt: 0) }

    package mutating func archive(_ archive: inout StateArchive) throws(UnreadableState) {
        try archive.member("text", &text)
        try archive.member("attempt", &attempt)
        try archive.member("state", &state)
        try archive.member("thoughtBytes", &thoughtBytes)
        try archive.member("stopReason", &stopReason)
        try archive.member("calls", &calls)
        try archive.member("told", &told)
    }
}

extension Conversation.Call: Archived {
    package init() { self.init(path: "", id: "", tool: "", input: .null) }

    package mutating func archive(_ archive: inout StateArchive) throws(UnreadableState) {
        try archive.member("path", &path)
        try archive.member("id", &id)
        try archive.member("tool", &tool)
        try archive.member("input", &input)
        try archive.member("result", &result)
    }
}

extension Conversation.Result: Storable {
    package var stored: JSONValue {
        switch self {
        case .returned(let output): ["output": output]
        case .failed(let failure): ["error": failure.json]
        }
    }

    package init?(stored: JSONValue) {
        if let output = stored["output"] {
            self = .returned(output)
        } else if let failure = stored["error"].flatMap(Failure.init(json:)) {
            self = .failed(failure)
        } else {
            return nil
        }
    }
}

/// What a model said in one turn.
package struct ModelAnswer: Sendable, Hashable {
    package struct Call: Sendable, Hashable {
        package var id: String
        package var tool: String
        package var input: JSONValue

        package init(id: String, tool: String, input: JSONValue) {
            self.id = id
            self.tool = tool
            self.input = input
        }
    }

    /// Why an answer ended before its end.
    package enum StopReason: String, Storable, CaseIterable {
        /// It has come to its bound of tokens, or the model to what it can read.
        case length
        /// The model, or who watches over it, does not answer this.
        case refusal
    }

    package var text: String
    /// What it called, in its order.
    package var calls: [Call]
    package var usage: ModelUsage
    /// What its provider must see again in the next turn and nobody else understands, such as signed thoughts.
    package var state: JSONValue?
    /// How much it has thought before, in bytes as they were told.
    package var thoughtBytes = 0
    package var stopReason: StopReason?

    package init(text: String, calls: [Call] = [], usage: ModelUsage = ModelUsage(), state: JSONValue? = nil) {
        self.text = text
        self.calls = calls
        self.usage = usage
        self.state = state
    }
}
