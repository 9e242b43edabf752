import JSON
import WorkflowModel

/// Anthropic's Messages API, streamed.
struct AnthropicDialect: ModelDialect {
    static let defaultBaseURL = "https://api.anthropic.com"
    static let defaultKeyVariable = "ANTHROPIC_API_KEY"

    /// The API asks for a bound; this one is what its models of today all take.
    private static let defaultMaxTokens = 8192

    let path = "/v1/messages"

    func headers(key: String?) -> [(name: String, value: String)] {
        [("anthropic-version", "2023-06-01")] + (key.map { [("x-api-key", $0)] } ?? [])
    }

    func body(_ work: AgentWork, model: String, _ settings: ProviderSettings) -> JSONValue {
        let thinking = work.settings.thinkingTokens
        let answerTokens = work.settings.maxTokens ?? Self.defaultMaxTokens
        var body: JSONObject = [
            "model": .string(model), "stream": true,
            "max_tokens": JSONValue(answerTokens + (thinking ?? 0)), "messages": .array(messages(work)),
        ]
        if let instructions = work.instructions {
            body["system"] = [["type": "text", "text": .string(instructions), "cache_control": Self.cached]]
        }
        if !work.tools.isEmpty { body["tools"] = .array(work.tools.map(tool)) }
        if let thinking { body["thinking"] = ["type": "enabled", "budget_tokens": JSONValue(thinking)] }
        body["temperature"] = work.settings.temperature.flatMap { JSONNumber($0) }.map { .number($0) }
        body["top_p"] = work.settings.topP.flatMap { JSONNumber($0) }.map { .number($0) }
        if !work.settings.stop.isEmpty { body["stop_sequences"] = .array(work.settings.stop.map { .string($0) }) }
        return .object(body)
    }

    func makeReading() -> any AnswerReading { AnthropicReading() }

    /// What comes before this is the same at the next turn, and need not be read anew.
    private static let cached: JSONValue = ["type": "ephemeral"]

    private func tool(_ tool: ModelTool) -> JSONValue {
        [
            "name": .string(tool.name), "description": .string(tool.description ?? ""),
            "input_schema": tool.input ?? ["type": "object"],
        ]
    }

    private func messages(_ work: AgentWork) -> [JSONValue] {
        var messages: [JSONValue] = [Self.message("user", [Self.text(work.prompt)])]
        for turn in work.conversation.turns {
            var said = turn.state?.array ?? []
            if !turn.text.isEmpty { said.append(Self.text(turn.text)) }
            said += turn.calls.map {
                ["type": "tool_use", "id": .string($0.id), "name": .string($0.tool), "input": $0.input]
            }
            // An empty answer is none, and the API takes no empty message.
            messages.append(Self.message("assistant", said.isEmpty ? [Self.text("(nothing)")] : said))
            let heard = turn.calls.map(result) + (turn.told.map { [Self.text($0)] } ?? [])
            if !heard.isEmpty { messages.append(Self.message("user", heard)) }
        }
        return Self.cachingLast(messages)
    }

    private func result(of call: Conversation.Call) -> JSONValue {
        let (text, isError) = call.result?.forModel ?? ("", true)
        return [
            "type": "tool_result", "tool_use_id": .string(call.id), "content": .string(text),
            "is_error": .bool(isError),
        ]
    }

    private static func message(_ role: String, _ content: [JSONValue]) -> JSONValue {
        ["role": .string(role), "content": .array(content)]
    }

    private static func text(_ text: String) -> JSONValue { ["type": "text", "text": .string(text)] }

    private static func cachingLast(_ messages: [JSONValue]) -> [JSONValue] {
        var messages = messages
        guard case .object(var last)? = messages.last, case .array(var content)? = last["content"],
            case .object(var block)? = content.last
        else { return messages }
        block["cache_control"] = cached
        content[content.count - 1] = .object(block)
        last["content"] = .array(content)
        messages[messages.count - 1] = .object(last)
        return messages
    }
}

/// A stream of `message_start`, `content_block_…`, `message_delta` and `message_stop`.
struct AnthropicReading: AnswerReading {
    private struct Block {
        var start: JSONObject
        var text = ""
        var signature = ""
        var json = ""
    }

    private var blocks: [(index: Int, block: Block)] = []
    private var usage = ModelUsage()
    private(set) var isOver = false
    private var stopReason: ModelAnswer.StopReason?
    private var thoughts = ""

    mutating func take(_ event: JSONValue) throws(Failure) -> String? {
        switch event["type"]?.string {
        case "message_start":
            count(event["message"]?["usage"])
        case "content_block_start":
            guard let index = event["index"]?.int, case .object(let start)? = event["content_block"] else {
                throw .malformed("A content_block_start of the model's service has no block.")
            }
            blocks.append((index, Block(start: start)))
            return append(start["text"]?.string, to: index)
        case "content_block_delta":
            guard let index = event["index"]?.int, let delta = event["delta"] else {
                throw .malformed("A content_block_delta of the model's service has no delta.")
            }
            return try take(delta, of: index)
        case "message_delta":
            count(event["usage"])
            stop(event["delta"])
        case "message_stop": isOver = true
        case "error": throw Failure(service: event, status: nil)
        // `ping`, and whatever comes to be one day.
        default: break
        }
        return nil
    }

    mutating func take(whole answer: JSONValue) throws(Failure) -> String? {
        guard let content = answer["content"]?.array else { return try take(answer) }
        var text = ""
        for (index, block) in content.enumerated() {
            guard case .object(var start) = block else { continue }
            let input = start["input"]
            start["input"] = nil
            let thought = start["thinking"]?.string
            blocks.append((index, Block(start: start)))
            blocks[blocks.count - 1].block.json = input?.serialized() ?? ""
            thoughts += thought ?? ""
            blocks[blocks.count - 1].block.signature = start["signature"]?.string ?? ""
            text += append(start["text"]?.string ?? thought, to: index).flatMap { thought == nil ? $0 : nil } ?? ""
        }
        count(answer["usage"])
        stop(answer)
        isOver = true
        return text
    }

    mutating func takeThoughts() -> String {
        defer { thoughts = "" }
        return thoughts
    }

    func answer() throws(Failure) -> ModelAnswer? {
        guard isOver else { return nil }
        var (text, calls, thoughts) = ("", [ModelAnswer.Call](), [JSONValue]())
        for (_, block) in blocks {
            switch block.start["type"]?.string {
            case "text": text += block.text
            case "tool_use":
                calls.append(
                    try call(
                        id: block.start["id"]?.string, tool: block.start["name"]?.string, arguments: block.json,
                        stopReason))
            case "thinking":
                thoughts.append(
                    [
                        "type": "thinking", "thinking": .string(block.text), "signature": .string(block.signature),
                    ])
            case "redacted_thinking": thoughts.append(.object(block.start))
            default: break
            }
        }
        var answer = ModelAnswer(
            text: text, calls: calls, usage: usage, state: thoughts.isEmpty ? .none : .array(thoughts))
        answer.stopReason = stopReason
        return answer
    }

    private mutating func stop(_ end: JSONValue?) {
        switch end?["stop_reason"]?.string {
        case "max_tokens", "model_context_window_exceeded": stopReason = .length
        case "refusal": stopReason = .refusal
        default: break
        }
    }

    private mutating func take(_ delta: JSONValue, of index: Int) throws(Failure) -> String? {
        guard let position = blocks.lastIndex(where: { $0.index == index }) else {
            throw .malformed("A content_block_delta of the model's service belongs to no block.")
        }
        switch delta["type"]?.string {
        case "text_delta": return append(delta["text"]?.string, to: index)
        case "thinking_delta":
            let thought = delta["thinking"]?.string ?? ""
            blocks[position].block.text += thought
            thoughts += thought
        case "signature_delta": blocks[position].block.signature += delta["signature"]?.string ?? ""
        case "input_json_delta": blocks[position].block.json += delta["partial_json"]?.string ?? ""
        default: break
        }
        return nil
    }

    private mutating func append(_ text: String?, to index: Int) -> String? {
        guard let text, !text.isEmpty, let position = blocks.lastIndex(where: { $0.index == index }) else { return nil }
        blocks[position].block.text += text
        return text
    }

    /// The numbers are cumulative: those that are there count.
    private mutating func count(_ counts: JSONValue?) {
        usage.inputTokens = counts?["input_tokens"]?.count ?? usage.inputTokens
        usage.outputTokens = counts?["output_tokens"]?.count ?? usage.outputTokens
        usage.cacheReadTokens = counts?["cache_read_input_tokens"]?.count ?? usage.cacheReadTokens
        usage.cacheWriteTokens = counts?["cache_creation_input_tokens"]?.count ?? usage.cacheWriteTokens
    }
}

extension AnswerReading {
    /// A call of a tool, whose arguments came as text; none at all are an empty object.
    func call(
        id: String?, tool: String?, arguments: String, _ stopReason: ModelAnswer.StopReason?
    ) throws(Failure) -> ModelAnswer.Call {
        guard let id, let tool else { throw .malformed("The model called a tool without an id or a name.") }
        guard !arguments.isEmpty else { return ModelAnswer.Call(id: id, tool: tool, input: [:]) }
        guard let input = try? JSONValue(parsing: Array(arguments.utf8)) else {
            let reason = stopReason == .length ? "were cut at its bound of tokens" : "are no JSON"
            throw .malformed("The model called the tool \"\(tool)\" with arguments that \(reason).")
        }
        return ModelAnswer.Call(id: id, tool: tool, input: input)
    }
}
