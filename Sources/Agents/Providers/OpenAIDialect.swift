import JSON
import WorkflowModel

/// OpenAI's chat completions, streamed, as many servers speak them.
struct OpenAIDialect: ModelDialect {
    static let defaultBaseURL = "https://api.openai.com/v1"
    static let defaultKeyVariable = "OPENAI_API_KEY"

    let path = "/chat/completions"

    func headers(key: String?) -> [(name: String, value: String)] {
        key.map { [("authorization", "Bearer \($0)")] } ?? []
    }

    func body(_ work: AgentWork, model: String, _ settings: ProviderSettings) -> JSONValue {
        var body: JSONObject = [
            "model": .string(model), "stream": true, "stream_options": ["include_usage": true],
            "messages": .array(messages(work)),
        ]
        if !work.tools.isEmpty { body["tools"] = .array(work.tools.map(tool)) }
        // OpenAI's own service has given the bound another name, which the servers that imitate it may not know.
        let bound = settings.baseURL == nil ? "max_completion_tokens" : "max_tokens"
        body[bound] = work.settings.maxTokens.map { JSONValue($0) }
        body["temperature"] = work.settings.temperature.flatMap { JSONNumber($0) }.map { .number($0) }
        body["top_p"] = work.settings.topP.flatMap { JSONNumber($0) }.map { .number($0) }
        if !work.settings.stop.isEmpty { body["stop"] = .array(work.settings.stop.map { .string($0) }) }
        return .object(body)
    }

    func makeReading() -> any AnswerReading { OpenAIReading() }

    private func tool(_ tool: ModelTool) -> JSONValue {
        [
            "type": "function",
            "function": [
                "name": .string(tool.name), "description": .string(tool.description ?? ""),
                "parameters": tool.input ?? ["type": "object"],
            ],
        ]
    }

    private func messages(_ work: AgentWork) -> [JSONValue] {
        var messages: [JSONValue] = []
        if let instructions = work.instructions { messages.append(Self.message("system", instructions)) }
        messages.append(Self.message("user", work.prompt))
        for turn in work.conversation.turns {
            var said: JSONObject = ["role": "assistant", "content": .string(turn.text)]
            if !turn.calls.isEmpty { said["tool_calls"] = .array(turn.calls.map(Self.call)) }
            messages.append(.object(said))
            for call in turn.calls {
                messages.append(
                    [
                        "role": "tool", "tool_call_id": .string(call.id),
                        "content": .string(call.result?.forModel.text ?? ""),
                    ])
            }
            if let told = turn.told { messages.append(Self.message("user", told)) }
        }
        return messages
    }

    private static func message(_ role: String, _ text: String) -> JSONValue {
        ["role": .string(role), "content": .string(text)]
    }

    private static func call(_ call: Conversation.Call) -> JSONValue {
        [
            "id": .string(call.id), "type": "function",
            "function": ["name": .string(call.tool), "arguments": .string(call.input.serialized())],
        ]
    }
}

/// A stream of `chat.completion.chunk`; the transfer's `[DONE]` is no event.
struct OpenAIReading: AnswerReading {
    private struct Call {
        /// Nil where the server numbers nothing.
        var index: Int?
        var id: String?
        var name = ""
        var arguments = ""
    }

    private var text = ""
    private var calls: [Call] = []
    private var usage = ModelUsage()
    private var hasFinished = false
    private var thoughts = ""
    private var stopReason: ModelAnswer.StopReason?

    /// What was used is said after the last choice; the transfer's mark is the end.
    let isOver = false

    mutating func take(_ event: JSONValue) throws(Failure) -> String? {
        if let error = event["error"], !error.isNull { throw Failure(service: event, status: nil) }
        count(event["usage"])
        // Of several answers the first one counts, whoever asked for the others.
        guard let choice = event["choices"]?.array?.first(where: Self.isFirst) else { return nil }
        if let reason = choice["finish_reason"], !reason.isNull {
            hasFinished = true
            stopReason = reason == "length" ? .length : reason == "content_filter" ? .refusal : stopReason
        }
        for part in choice["delta"]?["tool_calls"]?.array ?? [] { take(call: part) }
        // OpenAI's own service keeps its thoughts; other servers have found two names for theirs.
        thoughts += choice["delta"]?["reasoning_content"]?.string ?? choice["delta"]?["reasoning"]?.string ?? ""
        let refusal = choice["delta"]?["refusal"]?.string
        if refusal != nil { stopReason = .refusal }
        guard let added = choice["delta"]?["content"]?.string ?? refusal, !added.isEmpty else { return nil }
        text += added
        return added
    }

    mutating func take(whole answer: JSONValue) throws(Failure) -> String? {
        guard case .object(var event) = answer, let message = answer["choices"]?.array?.first(where: Self.isFirst),
            case .object(var choice) = message
        else { return try take(answer) }
        choice["delta"] = choice["message"]
        event["choices"] = [.object(choice)]
        let text = try take(.object(event)) ?? ""
        hasFinished = true
        return text
    }

    mutating func takeThoughts() -> String {
        defer { thoughts = "" }
        return thoughts
    }

    func answer() throws(Failure) -> ModelAnswer? {
        guard hasFinished else { return nil }
        var answered: [ModelAnswer.Call] = []
        for (position, part) in calls.enumerated() {
            // Some servers give their calls no ids.
            answered.append(
                try call(
                    id: part.id ?? "call-\(position + 1)", tool: part.name.isEmpty ? nil : part.name,
                    arguments: part.arguments, stopReason))
        }
        var answer = ModelAnswer(text: text, calls: answered, usage: usage)
        answer.stopReason = stopReason
        return answer
    }

    private static func isFirst(_ choice: JSONValue) -> Bool { (choice["index"]?.int ?? 0) == 0 }

    private mutating func take(call part: JSONValue) {
        let name = part["function"]?["name"]?.string ?? ""
        let id = part["id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let index = part["index"]?.int
        let known =
            if let index {
                calls.firstIndex { $0.index == index }
            } else if let id {
                calls.firstIndex { $0.id == id }
            } else {
                // Without a number and an id, a name begins another call.
                name.isEmpty && !calls.isEmpty ? calls.count - 1 : nil
            }
        if known == nil { calls.append(Call(index: index)) }
        let position = known ?? calls.count - 1
        calls[position].id = id ?? calls[position].id
        // Some servers say the name with each piece.
        if calls[position].name != name { calls[position].name += name }
        switch part["function"]?["arguments"] {
        case .string(let piece)?: calls[position].arguments += piece
        case .object(let arguments)?: calls[position].arguments += JSONValue.object(arguments).serialized()
        default: break
        }
    }

    private mutating func count(_ counts: JSONValue?) {
        guard let counts, let prompt = counts["prompt_tokens"]?.count else { return }
        let cached = counts["prompt_tokens_details"]?["cached_tokens"]?.count ?? 0
        usage.inputTokens = max(prompt - cached, 0)
        usage.cacheReadTokens = cached
        usage.outputTokens = counts["completion_tokens"]?.count ?? 0
    }
}
