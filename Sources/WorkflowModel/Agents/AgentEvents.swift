package import JSON

// The facts of an agent's conversation. Each holds what is new, so that a journal grows as the conversation does.

/// The model has answered. What it called follows, a `tool/called` each.
package struct AgentTurned: Sendable, Hashable {
    package var path: String
    package var attempt: Int
    /// From 1, anew where an attempt begins anew.
    package var turn: Int
    package var text: String
    package var usage: ModelUsage
    package var state: JSONValue?
    package var thoughtBytes: Int
    package var stopReason: ModelAnswer.StopReason?
    /// Whether the agent's verification now looks at the answer.
    package var isVerified: Bool

    @inlinable
    package init(path: String, attempt: Int, turn: Int, answer: ModelAnswer, isVerified: Bool = false) {
        self.path = path
        self.attempt = attempt
        self.turn = turn
        text = answer.text
        usage = answer.usage
        state = answer.state
        thoughtBytes = answer.thoughtBytes
        stopReason = answer.stopReason
        self.isVerified = isVerified
    }

    func write(to writer: inout JSONWriter) {
        writer.field("path", path)
        writer.field("attempt", attempt)
        writer.field("turn", turn)
        writer.field("text", text)
        writer.field("usage", usage)
        writer.optionalField("state", state)
        if thoughtBytes > 0 { writer.field("thoughtBytes", thoughtBytes) }
        if let stopReason { writer.field("stopReason", stopReason.rawValue) }
        if isVerified { writer.field("verified", .bool(true)) }
    }
}

/// The model is told something: why its answer is not the last one.
package struct AgentTold: Sendable, Hashable {
    package var path: String
    package var attempt: Int
    package var text: String

    package init(path: String, attempt: Int, text: String) {
        self.path = path
        self.attempt = attempt
        self.text = text
    }

    func write(to writer: inout JSONWriter) {
        writer.field("path", path)
        writer.field("attempt", attempt)
        writer.field("text", text)
    }
}

/// The model has called a tool: a step of the tool's kind is entered at `path`, and mostly started.
package struct ToolCalled: Sendable, Hashable {
    package var path: String
    /// The path of the agent's step.
    package var agent: String
    package var tool: String
    /// The model's own name for the call.
    package var callID: String
    package var input: JSONValue
    /// The attempt that starts with the call; nil where a `step/started` tells of it later, or nothing can be tried.
    package var attempt: Int?

    package init(path: String, agent: String, tool: String, callID: String, input: JSONValue, attempt: Int? = nil) {
        self.path = path
        self.agent = agent
        self.tool = tool
        self.callID = callID
        self.input = input
        self.attempt = attempt
    }

    func write(to writer: inout JSONWriter) {
        writer.field("path", path)
        writer.field("agent", agent)
        writer.field("tool", tool)
        writer.field("callId", callID)
        writer.field("input", input)
        if let attempt { writer.field("attempt", attempt) }
    }
}

/// A tool has given what the model is told: what it left, or why it left nothing.
package struct ToolReturned: Sendable, Hashable {
    package var path: String
    package var tool: String
    package var result: Conversation.Result

    package init(path: String, tool: String, result: Conversation.Result) {
        self.path = path
        self.tool = tool
        self.result = result
    }

    func write(to writer: inout JSONWriter) {
        writer.field("path", path)
        writer.field("tool", tool)
        switch result {
        case .returned(let output): writer.field("output", output)
        case .failed(let failure):
            writer.key("error")
            failure.write(to: &writer)
        }
    }
}
