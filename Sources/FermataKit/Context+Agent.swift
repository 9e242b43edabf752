import JSON
import WorkflowModel

extension Context {
    /// Asks a model, and gives its last answer. What it says meanwhile is told as text.
    ///
    /// - Parameters:
    ///   - model: `provider/model`: `anthropic/…`, `openai/…`, or `scripted/echo`, which says the prompt.
    ///   - prompt: What it is asked.
    ///   - system: Its instructions.
    ///   - retry: How often it is asked anew when it fails.
    ///   - name: What the step is called.
    /// - Throws: ``WorkflowFailure`` of a kind that begins with `model.`.
    public func agent(
        _ model: String, _ prompt: String, system: String? = nil, retry: Retry? = nil, step name: String? = nil
    ) async throws -> String {
        var agent: JSONObject = ["model": .string(model)]
        agent["system"] = system.map { .string($0.literal) }
        var step: JSONObject = ["agent": .object(agent), "prompt": .string(prompt.literal)]
        step["retry"] = retry.map { .object($0.json) }
        let (key, answer) = try await perform(step, as: name, orLike: "agent")
        return try decode(answer["text"] ?? .null, from: key)
    }
}
