import JSON
import Testing
import WorkflowModel

@Suite("Requests and answers of models as JSON")
struct ModelTrafficTests {
    @Test("A request has all that a model is asked with, and nothing that is left to its provider")
    func request() {
        var work = AgentWork(model: "p/m", system: "Be kind.", prompt: "Mend it.")
        work.tools = [ModelTool(name: "read", description: nil, input: nil)]
        work.output = ["type": "object"]
        work.settings.maxTokens = 100
        work.settings.temperature = 0.5
        work.settings.stop = ["END"]
        #expect(
            JSONValue.object(work.request) == [
                "model": "p/m", "system": "Be kind.", "messages": [["role": "user", "text": "Mend it."]],
                "tools": [["name": "read", "description": "", "input": true]], "output": ["type": "object"],
                "maxTokens": 100, "temperature": 0.5, "stop": ["END"],
            ])
        #expect(AgentWork(model: "p/m", prompt: "").request.keys.sorted() == ["messages", "model"])
    }

    @Test("Messages are what was said, what tools gave, and what the model was told, in that order")
    func messages() {
        var work = AgentWork(model: "p/m", prompt: "Mend it.")
        let answer = ModelAnswer(text: "I look.", state: ["signed": "x"])
        work.conversation.add(AgentTurned(path: "a", attempt: 1, turn: 1, answer: answer))
        for (number, name) in ["read", "list"].enumerated() {
            work.conversation.call(
                Conversation.Call(path: "a/\(number)", id: "c\(number)", tool: name, input: ["n": 1]))
        }
        work.conversation.settle("a/1", .failed(Failure(kind: "tool.failed", message: "No.")))
        work.conversation.settle("a/0", .returned("text"))
        work.conversation.add(AgentTurned(path: "a", attempt: 1, turn: 2, answer: ModelAnswer(text: "Done.")))
        work.conversation.tell("It is not.")
        #expect(
            work.messages == [
                ["role": "user", "text": "Mend it."],
                [
                    "role": "assistant", "text": "I look.",
                    "toolCalls": [
                        ["callId": "c0", "tool": "read", "input": ["n": 1]],
                        ["callId": "c1", "tool": "list", "input": ["n": 1]],
                    ], "state": ["signed": "x"],
                ], ["role": "tool", "callId": "c0", "tool": "read", "output": "text"],
                [
                    "role": "tool", "callId": "c1", "tool": "list",
                    "error": ["kind": "tool.failed", "message": "No.", "retryable": true],
                ], ["role": "assistant", "text": "Done."], ["role": "user", "text": "It is not."],
            ])
    }

    @Test("An answer is read as it was written")
    func answer() throws {
        var usage = ModelUsage()
        usage.inputTokens = 3
        for answer in [
            ModelAnswer(text: ""),
            ModelAnswer(
                text: "x", calls: [ModelAnswer.Call(id: "c", tool: "t", input: [1])], usage: usage, state: [true]),
        ] {
            #expect(try ModelAnswer(json: .object(answer.json), turn: 1) == answer)
        }
    }

    @Test("What an answer leaves out is what was streamed, and names of its own for its calls")
    func defaults() throws {
        let answer = try ModelAnswer(
            json: ["text": nil, "toolCalls": [["tool": "t"], ["tool": "t"]]], said: "Hello", turn: 3)
        #expect(answer.text == "Hello")
        #expect(answer.calls.map(\.id) == ["call-3-1", "call-3-2"])
        #expect(answer.calls.map(\.input) == [[:], [:]])
    }

    static let wrong: [(JSONValue, String)] = [
        (7, "The model's answer must be an object"), (["text": 1], "/text"),
        (["usage": 1], "/usage"), (["toolCalls": 1], "/toolCalls"),
        (["toolCalls": [["tool": ""]]], "/toolCalls/0/tool"),
        (["toolCalls": [["tool": "t", "callId": "c"], ["tool": "t", "callId": "c"]]], "/toolCalls"),
    ]

    @Test("An answer that is none says where", arguments: wrong)
    func malformed(json: JSONValue, place: String) {
        let failure = #expect(throws: Failure.self) { try ModelAnswer(json: json, turn: 1) }
        #expect(failure?.kind == "model.malformed")
        #expect(failure?.message.contains(place) == true, "\(failure?.message ?? "")")
    }

    @Test(
        "What was streamed must be the beginning of the answer",
        arguments: [("", "ab", "ab"), ("a", "ab", "b"), ("ab", "ab", ""), ("b", "ab", nil), ("abc", "ab", nil)]
            as [(String, String, String?)])
    func rest(said: String, text: String, rest: String?) {
        #expect(ModelAnswer(text: text).rest(after: said) == rest)
    }
}
