import JSON
import Testing
import WorkflowModel

@Suite("Results that are too long for a model")
struct ResultCutTests {
    private func cut(_ output: JSONValue, to limit: Int) -> JSONValue {
        guard case .returned(let output) = Conversation.Result.returned(output).cut(to: limit) else { return nil }
        return output
    }

    private static let long = String(repeating: "abcdefghij", count: 1000)

    @Test(
        "What fits stays as it is",
        arguments: [nil, 7, "x", ["a": [1, 2]], .string(String(repeating: "x", count: 1000))] as [JSONValue])
    func short(output: JSONValue) {
        #expect(cut(output, to: 1000) == output)
    }

    @Test("What is structured and said once more as text is said once", arguments: [7, ["result": 7]] as [JSONValue])
    func structured(structured: JSONValue) {
        let text: JSONValue = [["type": "text", "text": "7"]]
        #expect(cut(["content": text, "structuredContent": structured], to: 1000) == ["content": text])
        let other: JSONValue = ["content": text, "structuredContent": 8]
        #expect(cut(other, to: 1000) == other)
    }

    @Test("Of a text the middle is left out, and the model told how much")
    func text() {
        let expected = "abcdefghijabcde\n[9970 bytes are left out here: a result may have 30.]\nfghijabcdefghij"
        #expect(cut(.string(Self.long), to: 30) == .string(expected))
    }

    @Test("No letter is cut in two", arguments: 1...40)
    func letters(limit: Int) throws {
        let text = try #require(cut(.string(String(repeating: "aé😀", count: 100)), to: limit).string)
        #expect(!text.contains("\u{FFFD}"))
        let left = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect((left.first?.utf8.count ?? 0) + (left.last?.utf8.count ?? 0) <= limit)
        let count = left.dropFirst().first?.split(separator: " ").first?.dropFirst()
        #expect(count.flatMap { Int($0) } == 700 - (left.first?.utf8.count ?? 0) - (left.last?.utf8.count ?? 0))
    }

    @Test("Of an object the longest texts are cut, and the others stay")
    func object() throws {
        let output: JSONValue = ["exitCode": 1, "stdout": .string(Self.long), "stderr": "It fails at line 7."]
        let cut = cut(output, to: 2000)
        #expect(cut["exitCode"] == 1)
        #expect(cut["stderr"] == "It fails at line 7.")
        let text = try #require(cut["stdout"]?.string)
        #expect(text.hasPrefix("abcdefghij") && text.hasSuffix("abcdefghij"))
        #expect(text.contains("bytes are left out here: a result may have 2000."))
        #expect((1900...2100).contains(cut.serialized().utf8.count))
    }

    @Test("What is long without long texts is cut as a whole")
    func list() throws {
        let output = JSONValue.array((0..<10_000).map { ["id": JSONValue($0), "name": "n"] })
        let text = try #require(cut(output, to: 1000).string)
        #expect(text.hasPrefix("[{\"id\":0,\"name\":\"n\"}"))
        #expect(text.hasSuffix("{\"id\":9999,\"name\":\"n\"}]"))
        #expect(text.utf8.count < 1100)
    }

    @Test("So is what went wrong")
    func failure() {
        let details: JSONValue = ["stdout": .string(Self.long)]
        let failure = Failure(kind: "tool.failed", message: Self.long, isRetryable: false, details: details)
        guard case .failed(let cut) = Conversation.Result.failed(failure).cut(to: 500) else { return }
        #expect(cut.kind == "tool.failed" && !cut.isRetryable)
        #expect(cut.message.utf8.count < 600)
        #expect((cut.details?["stdout"]?.string?.utf8.count ?? 0) < 600)
        guard case .failed(let plain) = Conversation.Result.failed(Failure(kind: "a", message: "b")).cut(to: 500) else {
            return
        }
        #expect(plain.details == nil)
    }
}
