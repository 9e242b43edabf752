package import JSON

// What goes to a model and what comes back, as JSON that people can read and any host understands: the members of
// `model/generate`, the lines of a recording, the answers of a script.

extension AgentWork {
    /// The next turn as a request. Its messages only grow from turn to turn.
    package var request: JSONObject {
        var members: JSONObject = ["model": .string(model)]
        members["system"] = system.map { .string($0) }
        members["messages"] = .array(messages)
        if !tools.isEmpty { members["tools"] = .array(tools.map(\.json)) }
        members["output"] = output
        for (name, value) in settings.json { members[name] = value }
        return members
    }

    /// Each has its `role`: what the `user` says, what the `assistant` answered, what a `tool` gave.
    package var messages: [JSONValue] {
        var messages: [JSONValue] = [["role": "user", "text": .string(prompt)]]
        for turn in conversation.turns {
            var answer: JSONObject = ["role": "assistant", "text": .string(turn.text)]
            if !turn.calls.isEmpty {
                let calls = turn.calls.map { Self.json(callID: $0.id, tool: $0.tool, input: $0.input) }
                answer["toolCalls"] = .array(calls)
            }
            answer["state"] = turn.state
            messages.append(.object(answer))
            messages += turn.calls.compactMap(\.returned)
            if let told = turn.told { messages.append(["role": "user", "text": .string(told)]) }
        }
        return messages
    }

    fileprivate static func json(callID: String, tool: String, input: JSONValue) -> JSONValue {
        ["callId": .string(callID), "tool": .string(tool), "input": input]
    }
}

extension Conversation.Call {
    /// What the model is told of it; nil while it is under way.
    fileprivate var returned: JSONValue? {
        var members: JSONObject = ["role": "tool", "callId": .string(id), "tool": .string(tool)]
        switch result {
        case .returned(let output): members["output"] = output
        case .failed(let failure): members["error"] = failure.json
        case nil: return nil
        }
        return .object(members)
    }
}

extension ModelTool {
    fileprivate var json: JSONValue {
        ["name": .string(name), "description": .string(description ?? ""), "input": input ?? true]
    }
}

extension ModelSettings {
    /// What is not left to the provider.
    fileprivate var json: JSONObject {
        var members = JSONObject()
        members["maxTokens"] = maxTokens.map { JSONValue($0) }
        members["temperature"] = temperature.flatMap { JSONValue($0) }
        members["topP"] = topP.flatMap { JSONValue($0) }
        members["thinkingTokens"] = thinkingTokens.map { JSONValue($0) }
        if !stop.isEmpty { members["stop"] = .array(stop.map { .string($0) }) }
        return members
    }
}

extension ModelAnswer {
    /// `{text, toolCalls?, usage?, state?, stopReason?}`.
    package var json: JSONObject {
        var members: JSONObject = ["text": .string(text)]
        if !calls.isEmpty {
            members["toolCalls"] = .array(calls.map { AgentWork.json(callID: $0.id, tool: $0.tool, input: $0.input) })
        }
        if usage != ModelUsage() {
            var writer = JSONWriter()
            usage.write(to: &writer)
            members["usage"] = try? JSONValue(parsing: writer.bytes)
        }
        members["state"] = state
        members["stopReason"] = stopReason.map { .string($0.rawValue) }
        return members
    }

    /// Reads an answer. `text` may be left out where it is what was said before, a call's `callId` where it is one of
    /// its own in this turn, and its `input` where it is empty. Throws `model.malformed` with a pointer.
    package init(json: JSONValue, said: String = "", turn: Int) throws(Failure) {
        guard json.object != nil else { throw .malformed("", "must be an object", json) }
        self.init(text: said, usage: ModelUsage(json: json["usage"] ?? [:]), state: json["state"])
        if let text = json["text"], !text.isNull {
            guard let text = text.string else { throw .malformed("/text", "must be a string", text) }
            self.text = text
        }
        if let usage = json["usage"], !usage.isNull, usage.object == nil {
            throw .malformed("/usage", "must be an object", usage)
        }
        if let reason = json["stopReason"], !reason.isNull {
            stopReason = reason.string.flatMap(StopReason.init)
            if stopReason == nil { throw .malformed("/stopReason", "must be length or refusal", reason) }
        }
        guard let calls = json["toolCalls"], !calls.isNull else { return }
        guard let calls = calls.array else { throw .malformed("/toolCalls", "must be a list", calls) }
        for (index, call) in calls.enumerated() {
            guard let tool = call["tool"]?.string, !tool.isEmpty else {
                throw .malformed("/toolCalls/\(index)/tool", "must be the name of a tool", call["tool"] ?? .null)
            }
            let id = call["callId"]?.string ?? "call-\(turn)-\(index + 1)"
            self.calls.append(Call(id: id, tool: tool, input: call["input"] ?? [:]))
        }
        if Set(self.calls.map(\.id)).count < calls.count {
            throw .malformed("/toolCalls", "must not have one callId twice", .array(calls))
        }
    }

    /// What of the text was not said before the answer came; nil when something else was said.
    package func rest(after said: String) -> String? {
        guard text.utf8.starts(with: said.utf8) else { return nil }
        return String(text.utf8.dropFirst(said.utf8.count))
    }
}

extension Failure {
    fileprivate static func malformed(_ pointer: String, _ complaint: String, _ value: JSONValue) -> Failure {
        let place = pointer.isEmpty ? "The model's answer" : "The member \(pointer) of the model's answer"
        return Failure(kind: "model.malformed", message: "\(place) \(complaint), and is \(value.typeName).")
    }
}
