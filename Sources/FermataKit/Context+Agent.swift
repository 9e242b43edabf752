import JSON
import WorkflowModel

extension Context {
    /// Asks a model, and gives its last answer. What it says meanwhile is told as text.
    ///
    /// - Parameters:
    ///   - model: `provider/model`: `anthropic/…`, `openai/…`, or `scripted/echo`, which says the prompt.
    ///   - prompt: What it is asked.
    ///   - system: Its instructions.
    ///   - tools: What it may call. Each call is a step, whose name begins with that of this one.
    ///   - retry: How often it is asked anew when it fails.
    ///   - name: What the step is called.
    /// - Throws: ``WorkflowFailure`` of a kind that begins with `model.`.
    public func agent(
        _ model: String, _ prompt: String, system: String? = nil, tools: [Tool] = [],
        retry: Retry? = nil, step name: String? = nil
    ) async throws -> String {
        var agent: JSONObject = ["model": .string(model)]
        agent["system"] = system.map { .string($0.literal) }
        let key = key(of: name, orLike: "agent")
        if !tools.isEmpty {
            // Those of a run are its own, for they may know what its workflow knows.
            let hosted = tools.map { $0.hosted(by: "tools/\(key)") }
            agent["tools"] = .array(hosted.map(\.document))
            program.host(hosted.compactMap(\.body))
        }
        var step: JSONObject = ["agent": .object(agent), "prompt": .string(prompt.literal)]
        step["retry"] = retry.map { .object($0.json) }
        let answer = try await program.perform(.object(step), as: key)
        return try decode(answer["text"] ?? .null, from: key)
    }
}
