import JSON
package import WorkflowEngine
package import WorkflowModel

/// Answers without a model, for demos and tests: `scripted/echo` streams the prompt back word by word, a long one in a few words at a time.
package final class ScriptedProvider: ModelProvider {
    package let name = "scripted"

    private static let mostPieces = 8

    package init() {}

    package func generate(_ work: AgentWork, model: String, reporter: AttemptReporter) {
        guard model == "echo" else {
            let failure = Failure(
                kind: "model.badRequest", message: "There is no scripted model \"\(model)\"; there is scripted/echo.",
                isRetryable: false)
            return reporter.report(.failed(failure))
        }
        for piece in Self.pieces(of: work.prompt) { reporter.report(.text(piece)) }
        reporter.report(
            .succeeded(["text": .string(work.prompt), "output": .null, "usage": [:], "toolCalls": []]))
    }

    /// An answer is given at once, so there is nothing to stop.
    package func stop(_ key: AttemptKey) {}

    /// The words, each with the white space that follows it, so that joined they are the text; a few together where there are many.
    static func pieces(of text: String) -> [String] {
        var text = text
        return text.withUTF8 { bytes in
            var starts = bytes.indices.dropFirst().filter { isSpace(bytes[$0 - 1]) && !isSpace(bytes[$0]) }
            let stride = starts.count / mostPieces + 1
            starts = Swift.stride(from: stride - 1, to: starts.count, by: stride).map { starts[$0] }
            return zip([0] + starts, starts + [bytes.count]).compactMap { start, end in
                start == end ? nil : String(decoding: bytes[start..<end], as: UTF8.self)
            }
        }
    }

    /// Space, tab, line feed and carriage return: the white space of ASCII, which is never part of another character's bytes.
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
