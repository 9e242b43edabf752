import WorkflowEngine
import WorkflowModel

/// Something that happened to a run. All but text is durable when it is told.
public enum RunEvent: Sendable, Hashable {
    /// Where the run is in its life.
    case statusChanged(RunStatus, isPaused: Bool)
    /// An attempt of a step began.
    case stepStarted(String, attempt: Int)
    /// A step is done.
    case stepCompleted(String, attempt: Int)
    /// An attempt of a step failed, and another one follows or does not.
    case stepFailed(String, attempt: Int, WorkflowFailure, isRetried: Bool)
    /// A piece of what a step says. Pieces of one attempt are its text when put together.
    case textDelta(String, step: String)
    /// A line was added to the log.
    case logged(String, LogLevel, step: String?)
    /// The run asks for a person's decision.
    case approvalRequested(ApprovalRequest)
    /// The run asks a person for something.
    case inputRequested(InputRequest)
    /// A question is settled, whoever has answered it.
    case answered(id: String)
}

/// What happens to a run, as it happens, until it ends.
struct RunEvents: AsyncSequence, Sendable {
    /// A reader of the events, who is told from the journal what came while it was busy.
    struct AsyncIterator: AsyncIteratorProtocol {
        private let run: String
        private let mirror: RunMirror
        private let link: EngineLink
        private let activity: Activity?
        private var seq: Int
        private var due: [RunEvent] = []
        /// How many bytes were told of each attempt's text.
        private var told: [String: Int] = [:]

        fileprivate init(_ events: RunEvents) {
            run = events.run
            mirror = events.mirror
            link = events.link
            activity = events.activity
            seq = events.seq
        }

        mutating func next() async throws -> RunEvent? {
            while true {
                if let event = due.popLast() { return event }
                if let deletion = mirror.deletion { throw deletion }
                let version = mirror.version
                let snapshot = mirror.snapshot
                if snapshot.seq > seq {
                    try await readPage()
                } else if !readTexts() {
                    if snapshot.ending != nil || Task.isCancelled { return nil }
                    await mirror.change(since: version, in: activity)
                }
                if due.count > 1 { due.reverse() }
            }
        }

        private mutating func readPage() async throws {
            let (run, after) = (run, seq)
            let page = try await link.ask { engine throws(EngineError) in
                let record = try engine.load(run).record
                return try engine.events(of: record, afterSeq: after, limit: 100, maxBytes: 64 << 10)
            }
            // What was not committed yet is read with the next page.
            for recorded in page {
                seq = recorded.seq
                tell(recorded.event)
            }
        }

        private mutating func tell(_ event: WorkflowModel.RunEvent) {
            switch event {
            case .stepCompleted(let end): finishText(of: end.path, end.attempt)
            case .stepFailed(let end): finishText(of: end.path, end.attempt)
            default: break
            }
            if let event = RunEvent(event) { due.append(event) }
        }

        /// The rest of a text comes before the end of its attempt.
        private mutating func finishText(of step: String, _ attempt: Int) {
            guard let text = mirror.texts.first(where: { $0.step == step && $0.attempt == attempt }) else { return }
            _ = tell(text)
        }

        private mutating func readTexts() -> Bool {
            var isNew = false
            for text in mirror.texts where tell(text) { isNew = true }
            return isNew
        }

        private mutating func tell(_ text: RunMirror.Text) -> Bool {
            let key = "\(text.step)#\(text.attempt)"
            let from = told[key] ?? 0
            guard text.text.utf8.count > from else { return false }
            told[key] = text.text.utf8.count
            due.append(.textDelta(String(decoding: text.text.utf8.dropFirst(from), as: UTF8.self), step: text.step))
            return true
        }
    }

    private let run: String
    private let seq: Int
    private let mirror: RunMirror
    private let link: EngineLink
    /// What its reader is part of.
    private let activity: Activity?

    init(run: String, after seq: Int, _ mirror: RunMirror, _ link: EngineLink, in activity: Activity? = nil) {
        self.run = run
        self.seq = seq
        self.mirror = mirror
        self.link = link
        self.activity = activity
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}

extension RunEvent {
    /// Nil for what a handle has no word for: the workflow's own step, decisions, what models and their tools said.
    init?(_ event: WorkflowModel.RunEvent) {
        switch event {
        case .statusChanged(let change): self = .statusChanged(RunStatus(change.status), isPaused: change.isPaused)
        case .stepStarted(let start) where !start.path.isEmpty:
            self = .stepStarted(start.path, attempt: start.attempt)
        case .stepCompleted(let end) where !end.path.isEmpty: self = .stepCompleted(end.path, attempt: end.attempt)
        case .stepFailed(let end) where !end.path.isEmpty:
            let failure = WorkflowFailure(end.failure)
            self = .stepFailed(end.path, attempt: end.attempt, failure, isRetried: end.willRetryAt != nil)
        case .logged(let entry):
            self = .logged(entry.message, LogLevel(rawValue: entry.level.rawValue) ?? .info, step: entry.step)
        case .interactionRequested(let question):
            self =
                question.kind == .approval
                ? .approvalRequested(ApprovalRequest(question)) : .inputRequested(InputRequest(question))
        case .interactionResolved(let resolution): self = .answered(id: resolution.interactionID)
        default: return nil
        }
    }
}

extension ApprovalRequest {
    init(_ question: Interaction) {
        self.init(
            id: question.id, step: question.path, message: question.text, approvers: question.approvers ?? [])
    }
}

extension InputRequest {
    init(_ question: Interaction) {
        self.init(id: question.id, step: question.path, prompt: question.text)
    }
}
