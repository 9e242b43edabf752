import Agents
import Glibc
import JSON
import LoopbackServer
import Testing
import WorkflowModel

@testable import WorkflowEngine

/// A provider, a server that it asks, and what it reports.
final class ProviderBench {
    let server: LoopbackServer
    let provider: any ModelProvider
    /// What was thought before the end of the turn.
    private(set) var thoughts = ""
    private let mailbox = Mailbox()
    static let key = AttemptKey(runID: "r", path: "a", number: 1)

    init(
        _ make: (String, ProviderSettings) -> HTTPProvider, settings: ProviderSettings = ProviderSettings(),
        _ answer: @escaping @Sendable (LoopbackServer.Exchange) -> Void
    ) {
        server = LoopbackServer(answer)
        var settings = settings
        settings.baseURL = server.url
        settings.keyVariable = settings.keyVariable ?? "FERMATA_TEST_NO_KEY"
        provider = make("test", settings)
    }

    /// Starts a turn.
    func ask(_ work: AgentWork = AgentWork(model: "test/m", prompt: "Hello")) {
        let attempt = Attempt(
            key: Self.key, executionID: "e", step: "a", work: .agent(work), cwd: "/",
            deadline: nil)
        let reporter = AttemptReporter(key: Self.key, mailbox: mailbox)
        provider.generate(ModelRequest(attempt: attempt, work: work, model: "m"), reporter: reporter)
    }

    /// The next thing that is reported.
    func next() -> AttemptReporter.Report? {
        var inputs: [EngineInput] = []
        mailbox.drain(into: &inputs, timeout: .seconds(30))
        // Each is taken alone: what comes in one is put back in its order.
        guard case .report(_, let report)? = inputs.first else { return nil }
        for input in inputs.dropFirst() { mailbox.post(input) }
        return report
    }

    /// The text up to the end of the turn, and that end.
    func end() -> (text: String, end: AttemptReporter.Report?) {
        var text = ""
        while let report = next() {
            if case .thinking(let thought) = report {
                thoughts += thought
                continue
            }
            guard case .text(let more) = report else { return (text, report) }
            text += more
        }
        return (text, nil)
    }

    func answer() throws -> ModelAnswer {
        guard case .answered(let answer)? = end().end else { throw Missing() }
        return answer
    }

    func failure() throws -> Failure {
        guard case .failed(let failure)? = end().end else { throw Missing() }
        return failure
    }

    /// What the server was asked, as JSON.
    func body(_ index: Int = 0) throws -> JSONValue {
        let text = try #require(server.requests[index].split(separator: "\r\n\r\n", maxSplits: 1).last)
        return try JSONValue(parsing: Array(text.utf8))
    }

    struct Missing: Error {}
}

extension LoopbackServer.Exchange {
    /// Answers with a stream of these events' data.
    func stream(_ events: [JSONValue], end: String = "") {
        begin(200, ["Content-Type: text/event-stream"])
        for event in events { send("data: \(event.serialized())\n\n") }
        send(end)
    }
}
