import JSON
import Synchronization
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// The production engine on a store in memory, with a clock that jumps to whatever is next. Step bodies, and the people
/// who are asked, do what follows from where they stand, so that a document always has one history.
final class FlowBench {
    private let journal: MemoryJournal
    private let engine: Engine
    private let clock = CountingClock()
    private var inputs: [EngineInput] = []

    init() {
        let (journal, clock) = (MemoryJournal(), clock)
        self.journal = journal
        engine = Engine(
            mailbox: Mailbox(),
            environment: Environment(now: { clock.now }, makeID: { clock.makeID() }, chance: { 0.5 }))
        engine.open(journal, LoneEngine(engineID: "bench"))
        engine.install(PredictableBodies(), for: "call", "command", "agent", "tool")
        engine.performTurn([
            .call { engine in
                _ = try? engine.register(Self.small)
                engine.beginEffects()
            }
        ])
    }

    /// What others have as a child.
    private static let small: JSONValue = [
        "name": "small", "flow": ["START": "a", "a": ["call": "flaky", "with": "${input}", "retry": ["attempts": 2]]],
    ]

    /// Every event of a run of the document, from its beginning to its end, a line each.
    func history(of document: JSONValue, input: JSONValue = [:]) throws -> [String] {
        var request = RunRequest(definition: .document(document), cwd: "/")
        request.runID = "r"
        request.input = input
        request.starts = true
        let refusal = Mutex<EngineError?>(nil)
        engine.performTurn([
            .call { [request] engine in
                do throws(EngineError) { _ = try engine.create(request) } catch { refusal.withLock { $0 = error } }
            }
        ])
        if let refusal = refusal.withLock({ $0 }) { throw refusal }
        for _ in 0..<5000 {
            let row = try #require(journal.run(id: "r"))
            if row.status.isTerminal {
                let events = try engine.events(of: row, afterSeq: 0, limit: .max, maxBytes: .max)
                return events.map { "\($0.seq) \($0.at.milliseconds) \($0.event.type) \($0.event.data)" }
            }
            step()
        }
        Issue.record("The run does not end: \(document)")
        return []
    }

    /// One turn, over what was posted, else over the answer to a question, else at the next deadline.
    private func step() {
        let wait = engine.timeout()
        engine.mailbox.drain(into: &inputs, timeout: .zero)
        if inputs.isEmpty {
            if let question = journal.interactions(namespace: nil, run: nil).first {
                let command = Self.answer(to: question)
                inputs = [.call { engine in _ = try? engine.perform(command, on: "r") }]
            } else if let wait {
                clock.pass(wait)
            }
        }
        engine.performTurn(inputs)
    }

    private static func answer(to question: InteractionRecord) -> Command {
        guard question.body["kind"] == "approval" else {
            return .respondInput(.id(question.id), InputAnswer(value: 7, by: "ann", client: nil))
        }
        let decision: ApprovalDecision =
            (question.body["path"]?.string ?? "").utf8.count.isMultiple(of: 2) ? .approved : .rejected
        let answer = ApprovalAnswer(decision: decision, approver: "ann", message: nil, client: nil)
        return .respondApproval(.id(question.id), answer)
    }
}

private final class CountingClock: Sendable {
    private let state = Mutex((now: Timestamp(milliseconds: 1_767_225_600_000), ids: 0))

    var now: Timestamp { state.withLock { $0.now } }
    func pass(_ duration: Duration) { state.withLock { $0.now = $0.now + duration } }

    func makeID() -> String {
        state.withLock { state in
            state.ids += 1
            return "id-\(state.ids)"
        }
    }
}

/// Every body that is not called flaky succeeds with what it was given; a flaky one fails the first time.
private final class PredictableBodies: StepExecutor {
    func readiness(for step: StepKind) -> Readiness { .ready }
    func stop(_ key: AttemptKey) {}

    func start(_ attempt: Attempt, reporter: AttemptReporter) {
        switch attempt.work {
        case .call("flaky", _) where attempt.key.number == 1:
            reporter.report(.failed(Failure(kind: "test.failed", message: "It failed.")))
        // What the parts of patterns have to say.
        case .call("classify", _): reporter.report(.succeeded("s\(attempt.key.path.utf8.count % 5)"))
        case .call("plan", let workers):
            let names = (workers.array ?? []).compactMap { $0["name"]?.string }
            let steps = (0..<3).map { place -> JSONValue in
                let before: JSONValue = place == 2 ? ["p0"] : []
                return [
                    "id": .string("p\(place)"), "worker": .string(names.isEmpty ? "?" : names[place % names.count]),
                    "input": .number(JSONNumber(place)), "dependsOn": before,
                ]
            }
            reporter.report(.succeeded(["goal": "all", "steps": .array(steps)]))
        case .call("split", _): reporter.report(.succeeded([1, 2, 3]))
        case .call("evaluate", _):
            let score = attempt.key.path.hasSuffix("#2") ? 0.8 : 0.5
            reporter.report(.succeeded(["score": JSONValue(score) ?? 0, "passed": .bool(score > 0.7)]))
        case .agent(let work):
            let tool = work.conversation.turns.isEmpty ? work.tools.first : nil
            let calls = tool.map { [ModelAnswer.Call(id: "c", tool: $0.name, input: [:])] } ?? []
            reporter.report(.answered(ModelAnswer(text: work.prompt, calls: calls)))
        case .call("broken", _): reporter.report(.failed(Failure(kind: "test.failed", message: "It failed.")))
        case .call(let handler, let input):
            reporter.report(.succeeded(["by": .string(handler), "of": .string(attempt.key.path), "with": input]))
        default: reporter.report(.succeeded(["exitCode": 0, "stdout": "", "stderr": ""]))
        }
    }
}
