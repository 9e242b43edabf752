package import JSON
package import Secrets
import WorkflowCore
package import WorkflowModel

/// One attempt of a step, or one turn of a model in it: unmistakable within a store.
package struct AttemptKey: Sendable, Hashable {
    package var runID: String
    package var path: String
    package var number: Int
    /// Which turn of an agent's model it is, from 1; 0 for other steps.
    package var turn: Int

    package init(runID: String, path: String, number: Int, turn: Int = 0) {
        self.runID = runID
        self.path = path
        self.number = number
        self.turn = turn
    }
}

/// What an executor is asked to perform. All expressions are evaluated.
package struct Attempt: Sendable {
    package var key: AttemptKey
    package var executionID: String
    /// The step's name in its flow.
    package var step: String
    /// The execution since which everything is done anew.
    package var renewal: String?
    package var work: Work
    /// The working directory of the run's creator.
    package var cwd: String
    package var deadline: Timestamp?
    /// Whether a model has called it as a tool.
    package var isToolCall = false
    /// What may be kept of it in the journal alone; nil where its workflow hides nothing.
    package var redacted: SecretMask?

    /// The same for every attempt of a step, so that the outside can recognise a repetition. Made when it is asked for:
    /// many bodies never do.
    package var idempotencyKey: String { Run.idempotencyKey(run: key.runID, renewal: renewal, path: key.path) }
}

/// How far an executor can perform a step now.
package enum Readiness: Sendable, Hashable {
    case ready
    /// Nobody here hosts this handler; the step waits for one who does.
    case missingHandler(String)
    /// The present host does not allow it; the step waits for one who does.
    case notPermitted(String)
}

/// The engine's port to step bodies, used from the engine's thread alone; the reports come from any thread.
package protocol StepExecutor: AnyObject {
    func readiness(for step: StepKind) -> Readiness
    /// Starts the attempt and returns at once. It ends with exactly one report of success, failure or an
    /// answer, unless it was stopped.
    func start(_ attempt: Attempt, reporter: AttemptReporter)
    /// The attempt is no longer wanted: end it soon. Its reports are ignored from now on. An unknown key is ignored.
    func stop(_ key: AttemptKey)
}

/// What an attempt says while it runs and when it ends. Safe from any thread.
package struct AttemptReporter: Sendable {
    package enum Report: Sendable {
        case text(String)
        /// What a model thinks before it speaks.
        case thinking(String)
        case log(level: LogLevel, message: String)
        case progress(current: Int, total: Int, message: String?)
        case heartbeat
        case succeeded(JSONValue)
        /// The model of an agent has answered, with the text that was reported before. What it called is done by others,
        /// and its next turn is started as this one was.
        indirect case answered(ModelAnswer)
        indirect case failed(Failure)
        /// The attempt was cut off and nobody knows what it did: its host is gone.
        case interrupted
    }

    package let key: AttemptKey
    private let mailbox: Mailbox
    /// What nobody may see of it, not even the witness; nil where there are no secrets.
    private let cover: ReportCover?
    /// Who hears it before the engine does.
    private var witness: (@Sendable (Report) -> Void)?

    init(key: AttemptKey, mailbox: Mailbox, cover: ReportCover? = nil) {
        self.key = key
        self.mailbox = mailbox
        self.cover = cover
    }

    package func report(_ report: Report) {
        guard let cover else {
            mailbox.post(input(report))
            return
        }
        for report in cover.take(report) { mailbox.post(input(report)) }
    }

    /// The same reporter, whose reports `witness` hears first, on the thread they come from.
    package func witnessed(by witness: @escaping @Sendable (Report) -> Void) -> AttemptReporter {
        var witnessed = self
        witnessed.witness = { [earlier = self.witness] report in
            earlier?(report)
            witness(report)
        }
        return witnessed
    }

    /// What the engine takes of it, which the witness has heard.
    func inputs(_ report: Report) -> [EngineInput] {
        (cover?.take(report) ?? [report]).map(input)
    }

    private func input(_ report: Report) -> EngineInput {
        witness?(cover?.forWitness(report) ?? report)
        return .report(key, report)
    }
}
