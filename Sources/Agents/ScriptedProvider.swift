import JSON
package import WorkflowEngine
package import WorkflowModel

/// Answers without a model, for demos and tests: `scripted/echo` streams the prompt back word by word.
package final class ScriptedProvider: ModelProvider {
    package let name = "scripted"

    package init() {}

    package func generate(_ work: AgentWork, model: String, reporter: AttemptReporter) {
        guard model == "echo" else {
            let failure = Failure(
                kind: "model.badRequest", message: "There is no scripted model \"\(model)\"; there is scripted/echo.",
                isRetryable: false)
            return reporter.report(.failed(failure))
        }
        for word in Self.words(of: work.prompt) { reporter.report(.text(word)) }
        reporter.report(
            .succeeded(["text": .string(work.prompt), "output": .null, "usage": [:], "toolCalls": []]))
    }

    /// An answer is given at once, so there is nothing to stop.
    package func stop(_ key: AttemptKey) {}

    /// The words, each with the white space that follows it, so that joined they are the text.
    static func words(of text: String) -> [String] {
        var words: [String] = []
        var start = text.startIndex
        var wasSpace = false
        for index in text.indices {
            let isSpace = text[index].isWhitespace
            if wasSpace, !isSpace {
                words.append(String(text[start..<index]))
                start = index
            }
            wasSpace = isSpace
        }
        if start < text.endIndex { words.append(String(text[start...])) }
        return words
    }
}
