import JSON
import Testing
import WorkflowModel

@testable import Agents

@Suite("Answers as agents print them")
struct PrintedAnswerTests {
    /// Output, fed in pieces of every length.
    private func read(
        _ output: String, lastAlone: Bool = false, length: Int, failure: Failure? = nil
    ) -> (pieces: [String], Result<ModelAnswer, Failure>) {
        var answer = PrintedAnswer(isLines: true, isLastAlone: lastAlone)
        var pieces: [String] = []
        var rest = Array(output.unicodeScalars)[...]
        while !rest.isEmpty {
            pieces.append(answer.take(String(String.UnicodeScalarView(rest.prefix(length)))))
            rest = rest.dropFirst(length)
        }
        let (tail, result) = answer.end(failure)
        return ((pieces + [tail]).filter { !$0.isEmpty }, result)
    }

    private static let claude = """
        {"type":"system","subtype":"init"}
        {"type":"stream_event","event":{"type":"content_block_delta","delta":{"type":"text_delta","text":"I "}},"parent_tool_use_id":null}
        {"type":"stream_event","event":{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"hm"}}}
        {"type":"stream_event","event":{"type":"content_block_delta","delta":{"type":"text_delta","text":"look."}}}
        {"type":"assistant","message":{"content":[{"type":"text","text":"I look."}]},"parent_tool_use_id":null}
        {"type":"assistant","message":{"content":[{"type":"tool_use","name":"Read","input":{}}]}}
        {"type":"assistant","message":{"content":[{"type":"text","text":"From below."}]},"parent_tool_use_id":"t1"}
        {"type":"assistant","message":{"content":[{"type":"text","text":"Done: 😀"}]}}
        {"type":"result","subtype":"success","is_error":false,"result":"Done: 😀","total_cost_usd":0.0125,"usage":{"input_tokens":3,"output_tokens":9,"cache_read_input_tokens":20,"cache_creation_input_tokens":7}}
        """

    private static let codex = """
        {"type":"thread.started","thread_id":"x"}
        {"type":"turn.started"}
        {"type":"item.completed","item":{"id":"0","type":"reasoning","text":"hm"}}
        {"type":"item.completed","item":{"id":"1","type":"agent_message","text":"I look."}}
        {"type":"item.completed","item":{"id":"2","type":"agent_message","text":"Done: 😀"}}
        {"type":"turn.completed","usage":{"input_tokens":23,"cached_input_tokens":20,"output_tokens":9}}

        """

    private static let gemini = """
        Loaded cached credentials.
        {"type":"init","session_id":"x"}
        {"type":"message","role":"user","content":"Look."}
        {"type":"message","role":"assistant","content":"I look. ","delta":true}
        {"type":"message","role":"assistant","content":"Done: 😀","delta":true}
        {"type":"result","status":"success","stats":{"total_tokens":12,"input_tokens":3,"output_tokens":9}}
        """

    static let outputs: [(String, text: String, last: String, ModelUsage)] = [
        (claude, "I look.\n\nDone: 😀", "Done: 😀", usage(3, 9, read: 20, write: 7, cost: 12_500)),
        (codex, "I look.\n\nDone: 😀", "Done: 😀", usage(3, 9, read: 20)),
        (gemini, "I look. Done: 😀", "I look. Done: 😀", usage(3, 9)),
        ("{\"text\":\"a\"}\n{\"text\":\"b\"}\n", "ab", "ab", usage(0, 0)),
        ("{\"type\":\"result\",\"is_error\":false,\"result\":\"only\"}", "only", "only", usage(0, 0)),
        ("", "", "", usage(0, 0)),
    ]

    private static func usage(
        _ input: Int, _ output: Int, read: Int = 0, write: Int = 0, cost: Int = 0
    ) -> ModelUsage {
        var usage = ModelUsage()
        (usage.inputTokens, usage.outputTokens) = (input, output)
        (usage.cacheReadTokens, usage.cacheWriteTokens, usage.costMicros) = (read, write, cost)
        return usage
    }

    @Test("Lines of agents are understood, however they are cut", arguments: outputs)
    func lines(output: String, text: String, last: String, usage: ModelUsage) throws {
        for length in [1, 2, 7, 100, 10_000] {
            let (pieces, whole) = read(output, length: length)
            #expect(try whole.get() == ModelAnswer(text: text, usage: usage))
            #expect(pieces.joined() == text)
            let (lastPieces, alone) = read(output, lastAlone: true, length: length)
            #expect(try alone.get() == ModelAnswer(text: last, usage: usage))
            #expect(lastPieces == (last.isEmpty ? [] : [last]))
        }
    }

    @Test("Text is told as it is printed, not at the end")
    func streamed() {
        var answer = PrintedAnswer(isLines: true, isLastAlone: false)
        #expect(answer.take("{\"text\":\"a\"}\n{\"te") == "a")
        #expect(answer.take("xt\":\"b\"}\n") == "b")
        var plain = PrintedAnswer(isLines: false, isLastAlone: false)
        #expect(plain.take("a\n") == "a")
        #expect(plain.take("\nb") == "\n\nb")
    }

    @Test(
        "What an agent says went wrong is why the model has failed",
        arguments: [
            (#"{"type":"result","is_error":true,"subtype":"error_max_turns"}"#, "error_max_turns"),
            (#"{"type":"result","is_error":true,"result":"No credit."}"#, "No credit."),
            (#"{"type":"turn.failed","error":{"message":"Too long."}}"#, "Too long."),
            (#"{"type":"result","status":"error","error":{"message":"No key."}}"#, "No key."),
        ])
    func failures(output: String, problem: String) {
        for failure in [nil, Failure(kind: "command.exited", message: "x exited with code 1")] {
            guard case .failure(let told) = read(output, length: 10, failure: failure).1 else {
                Issue.record("It did not fail.")
                continue
            }
            #expect(told.kind == "model.unavailable")
            #expect(told.message == "The command says: \(problem)")
        }
    }

    @Test("An answer that is too large is malformed")
    func tooLarge() {
        let failure = Failure(kind: "payload.tooLarge", message: "much", isRetryable: false)
        guard case .failure(let told) = read("", length: 1, failure: failure).1 else {
            Issue.record("It did not fail.")
            return
        }
        #expect(told.kind == "model.malformed")
        #expect(!told.isRetryable)
    }
}
