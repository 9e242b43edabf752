import JSON
package import WorkflowEngine
package import WorkflowModel

/// Answers without a model, for demos and tests: `scripted/echo` streams the prompt back word by word, a long one in a few words at a time.
package final class ScriptedProvider: ModelProvider {
    package let name = "scripted"

    private static let mostPieces = 16

    package init() {}

    package func generate(_ work: AgentWork, model: String, reporter: AttemptReporter) {
        guard model == "echo" else {
            let failure = Failure(
                kind: "model.badRequest", message: "There is no scripted model \"\(model)\"; there is scripted/echo.",
                isRetryable: false)
            return reporter.report(.failed(failure))
        }
        let words = Self.words(of: work.prompt)
        let stride = (words.count + Self.mostPieces - 1) / Self.mostPieces
        for start in Swift.stride(from: 0, to: words.count, by: max(stride, 1)) {
            reporter.report(.text(words[start..<min(start + stride, words.count)].joined()))
        }
        reporter.report(
            .succeeded(["text": .string(work.prompt), "output": .null, "usage": [:], "toolCalls": []]))
    }

    /// An answer is given at once, so there is nothing to stop.
    package func stop(_ key: AttemptKey) {}

    /// The words, each with the white space that follows it, so that joined they are the text.
    static func words(of text: String) -> [String] {
        var text = text
        return text.withUTF8 { bytes in
            var words: [String] = []
            var start = 0
            for index in bytes.indices.dropFirst() where isSpace(bytes[index - 1]) && !isSpace(bytes[index]) {
                words.append(String(decoding: bytes[start..<index], as: UTF8.self))
                start = index
            }
            if start < bytes.count { words.append(String(decoding: bytes[start...], as: UTF8.self)) }
            return words
        }
    }

    /// Space, tab, line feed and carriage return: the white space of ASCII, which is never part of another character's bytes.
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
