import Agents
import JSON
import Synchronization
import WorkflowModel

@testable import WorkflowEngine

/// Attempts without an engine behind them, and what they report.
final class Hearing: Sendable {
    private let reports = Mutex<[AttemptReporter.Report]>([])
    private let mailbox = Mailbox()

    func reporter(_ key: AttemptKey = Hearing.key) -> AttemptReporter {
        AttemptReporter(key: key, mailbox: mailbox).witnessed { report in self.reports.withLock { $0.append(report) } }
    }

    /// What was reported since, as lines.
    func take() -> [String] {
        reports.withLock { reports in
            defer { reports = [] }
            return reports.map(\.line)
        }
    }

    /// Waits for what the attempt ends with, and gives it.
    func end() -> AttemptReporter.Report? {
        var inputs: [EngineInput] = []
        for _ in 1...1000 {
            if let end = reports.withLock({ $0.last }), end.isEnd { return end }
            mailbox.drain(into: &inputs, timeout: .seconds(30))
        }
        return nil
    }

    /// The pieces of text so far.
    var pieces: [String] {
        reports.withLock { reports in
            reports.compactMap { if case .text(let text) = $0 { text } else { nil } }
        }
    }

    func answer() -> ModelAnswer? {
        if case .answered(let answer)? = end() { answer } else { nil }
    }

    func failure() -> Failure? {
        if case .failed(let failure)? = end() { failure } else { nil }
    }

    static let key = AttemptKey(runID: "r", path: "a", number: 1)
}

extension AttemptReporter.Report {
    fileprivate var isEnd: Bool {
        switch self {
        case .answered, .succeeded, .failed, .interrupted: true
        case .text, .thinking, .log, .progress, .heartbeat: false
        }
    }

    var line: String {
        switch self {
        case .text(let text): "text \(text)"
        case .thinking(let text): "thinking \(text)"
        case .log(let level, let message): "log \(level.rawValue) \(message)"
        case .progress(let current, let total, let message): "progress \(current)/\(total) \(message ?? "")"
        case .heartbeat: "heartbeat"
        case .succeeded(let output): "output \(output)"
        case .answered(let answer): "answer \(JSONValue.object(answer.json))"
        case .failed(let failure): "failure \(failure.json)"
        case .interrupted: "interrupted"
        }
    }
}

extension ModelRequest {
    /// A turn of the model `provider/model`.
    static func turn(
        _ model: String, _ work: AgentWork, number: Int = 1, cwd: String = "/"
    ) -> ModelRequest {
        var key = Hearing.key
        key.number = number
        let attempt = Attempt(
            key: key, executionID: "e", step: "a", work: .agent(work), cwd: cwd, deadline: nil)
        return ModelRequest(attempt: attempt, work: work, model: model)
    }
}

extension AgentWork {
    static func asking(_ prompt: String) -> AgentWork { AgentWork(model: "p/m", prompt: prompt) }

    /// The same, after answers that were found wanting.
    func after(_ answers: (text: String, told: String)...) -> AgentWork {
        var work = self
        for (number, answer) in answers.enumerated() {
            work.conversation.add(
                AgentTurned(path: "a", attempt: 1, turn: number + 1, answer: ModelAnswer(text: answer.text)))
            work.conversation.tell(answer.told)
        }
        return work
    }
}
