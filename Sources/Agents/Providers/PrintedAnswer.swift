import JSON
import Secrets
import WorkflowModel

/// An answer as a program prints it: its text, or what is told of it in objects, one a line.
struct PrintedAnswer: Sendable {
    private let isLines: Bool
    /// Whether the answer is the last message alone, which is known at the end, instead of all that is said.
    private let isLastAlone: Bool
    private let mask: SecretMask?
    private var stream: SecretStream?
    /// What has left: the answer's text.
    private var said = ""
    /// What has come and is no whole line, or newlines that may be the last.
    private var held = ""
    /// The message under way, or the last one.
    private var message = ""
    private var isMessageOver = false
    private var last: String?
    private var usage = ModelUsage()
    private var problem: String?

    init(isLines: Bool, isLastAlone: Bool, hiding secret: String? = nil) {
        self.isLines = isLines
        self.isLastAlone = isLastAlone
        mask = SecretMask(secret.map { [$0] } ?? [], inBase64: true)
        stream = mask.map(SecretStream.init)
    }

    /// Takes what was printed; gives what is new of the answer.
    mutating func take(_ text: String) -> String {
        held += text
        guard isLines else {
            let end = held.utf8.lastIndex { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            guard let end else { return "" }
            let start = held.utf8.index(after: end)
            let piece = String(held[..<start])
            held = String(held[start...])
            return say(piece)
        }
        var new = ""
        while let end = held.utf8.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(held[..<end])
            held = String(held[held.utf8.index(after: end)...])
            new += read(line)
        }
        return new
    }

    /// Takes the program's end; gives the rest of the answer, and what it is.
    mutating func end(_ failure: Failure?) -> (rest: String, Result<ModelAnswer, Failure>) {
        var rest = isLines ? read(held) : ""
        if let problem { return (rest, .failure(self.failure("The command says: \(problem)", like: failure))) }
        if let failure { return (rest, .failure(self.failure(failure.message, like: failure))) }
        if isLines, isLastAlone || said.isEmpty { rest += say(last ?? message, isLast: true) }
        let tail = stream?.finish() ?? ""
        said += tail
        return (rest + tail, .success(ModelAnswer(text: said, usage: usage)))
    }

    private func failure(_ message: String, like failure: Failure?) -> Failure {
        Failure(
            kind: failure?.kind == "payload.tooLarge" ? "model.malformed" : "model.unavailable",
            message: mask?.hide(message) ?? message, isRetryable: failure?.isRetryable ?? true)
    }

    private mutating func say(_ text: String, isLast: Bool = false) -> String {
        if isLines, isLastAlone, !isLast { return "" }
        let piece = stream?.take(text) ?? text
        said += piece
        return piece
    }

    /// A line that is none of those that are known says nothing.
    private mutating func read(_ line: String) -> String {
        guard let line = try? JSONValue(parsing: line) else { return "" }
        switch AgentLine(line) {
        case .piece(let text): return add(text)
        case .message(let text):
            let new = isMessageOver || message.isEmpty ? add(text) : ""
            isMessageOver = true
            return new
        case .end(let text, let usage, let problem):
            last = text ?? last
            self.usage = usage
            self.problem = problem
            return ""
        case nil: return ""
        }
    }

    private mutating func add(_ text: String) -> String {
        guard !text.isEmpty else { return "" }
        let isNext = isMessageOver && !message.isEmpty
        message = isMessageOver ? text : message + text
        isMessageOver = false
        return say(isNext ? "\n\n" + text : text)
    }
}

/// What a line of an agent's output says, as its command line prints it: Claude Code (`--output-format stream-json`),
/// Codex (`exec --json`), Gemini CLI (`--output-format stream-json`), or anything that prints `{"text": …}`.
private enum AgentLine {
    /// A piece of a message.
    case piece(String)
    /// A whole message, of which all pieces may have come.
    case message(String)
    case end(text: String?, ModelUsage, problem: String?)

    init?(_ line: JSONValue) {
        let type = line["type"]?.string
        switch type {
        case nil where line["text"]?.string != nil: self = .piece(line["text"]?.string ?? "")
        // Claude Code; with a parent it is what an agent below said.
        case "stream_event" where line["parent_tool_use_id"]?.string == nil:
            let delta = line["event"]?["delta"]
            guard delta?["type"] == "text_delta" else { return nil }
            self = .piece(delta?["text"]?.string ?? "")
        case "assistant" where line["parent_tool_use_id"]?.string == nil:
            let blocks = line["message"]?["content"]?.array ?? []
            let texts = blocks.compactMap { $0["type"] == "text" ? $0["text"]?.string : nil }
            guard !texts.isEmpty else { return nil }
            self = .message(texts.joined())
        case "result":
            let text = line["result"]?.string
            let isError = line["is_error"]?.bool ?? (line["status"]?.string == "error")
            let problem = line["error"]?["message"]?.string ?? text ?? line["subtype"]?.string ?? "it failed"
            self = .end(text: text, ModelUsage(line: line), problem: isError ? problem : nil)
        // Codex.
        case "item.completed" where line["item"]?["type"] == "agent_message":
            self = .message(line["item"]?["text"]?.string ?? "")
        case "turn.completed": self = .end(text: nil, ModelUsage(line: line), problem: nil)
        case "turn.failed":
            self = .end(text: nil, ModelUsage(), problem: line["error"]?["message"]?.string ?? "its turn failed")
        // Gemini CLI.
        case "message" where line["role"] == "assistant":
            let text = line["content"]?.string ?? ""
            self = line["delta"]?.bool == true ? .piece(text) : .message(text)
        default: return nil
        }
    }
}

extension ModelUsage {
    /// As the last line of an agent tells it.
    fileprivate init(line: JSONValue) {
        self.init()
        func count(_ value: JSONValue?) -> Int { max(value?.int ?? 0, 0) }
        let told = line["usage"] ?? line["stats"] ?? [:]
        outputTokens = count(told["output_tokens"])
        cacheReadTokens = count(told["cache_read_input_tokens"])
        cacheWriteTokens = count(told["cache_creation_input_tokens"])
        inputTokens = count(told["input_tokens"])
        // Here those that were cached are among all.
        let cached = min(count(told["cached_input_tokens"]), inputTokens)
        inputTokens -= cached
        cacheReadTokens += cached
        if let cost = line["total_cost_usd"]?.double, cost.isFinite, cost > 0 {
            costMicros = Int(exactly: (cost * 1_000_000).rounded()) ?? 0
        }
    }
}
