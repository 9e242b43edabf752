import JSON
import WorkflowCore
import WorkflowModel

/// A run that was started: where it stands, and what can be done with it.
///
/// Letting go of it changes nothing for the run. Several handles of one run see the same. Once the run was deleted, ``status`` and its
/// like are as they last were, and all that waits or asks throws ``WorkflowFailure`` of the kind `run.notFound`.
public final class Execution<Output: Codable & Sendable>: Sendable {
    /// The execution's id.
    public let id: String
    /// The id of the run.
    public let runID: String
    private let fermata: Fermata
    private let mirror: RunMirror
    private let firstSeq: Int
    private let observers: Task<Void, Never>?

    init(_ started: StartedRun, _ options: RunOptions<Output>, _ fermata: Fermata) {
        id = started.executionID
        runID = started.runID
        firstSeq = started.seq
        mirror = started.mirror
        self.fermata = fermata
        let observation = RunObservation(started, options, fermata)
        observers = observation.map { observation in fermata.own { await observation.follow() } }
    }

    /// Where the run is in its life.
    public var status: RunStatus { mirror.snapshot.status }

    /// Whether the run is paused: steps under way finish, and no other begins.
    public var isPaused: Bool { mirror.snapshot.isPaused }

    /// How far it has come.
    public var progress: Progress { mirror.snapshot.progress }

    /// What it has logged since it was started here, the newest 1,000 lines.
    public var logs: [String] { mirror.logs }

    /// What the run leaves, once it has completed.
    ///
    /// To cancel the task that awaits it cancels the run.
    ///
    /// - Throws: ``WorkflowFailure`` why the run failed, of the kind `run.cancelled` if it was cancelled; `workflow.changed` where the
    ///   workflow is another one than the run's recorded steps are of, which loses nothing; `CancellationError` where the task was cancelled.
    public var result: Output {
        get async throws {
            guard let ending = await mirror.ending() else {
                try? await cancel()
                throw CancellationError()
            }
            await observers?.value
            if let deletion = mirror.deletion { throw deletion }
            switch ending {
            case .completed(let output): return try Output(output, ofRun: runID)
            case .failed(let failure): throw failure
            }
        }
    }

    /// What happens to the run, from where it was started here. Each iteration begins there anew, and ends with the run.
    ///
    /// Nothing is buffered but the text of steps under way: a reader that is slow is told from the journal.
    public var events: some AsyncSequence<RunEvent, any Error> & Sendable {
        RunEvents(run: runID, after: firstSeq, mirror, fermata.link)
    }

    /// Lets steps under way finish, and no other begin.
    public func pause() async throws { try await perform(.pause) }

    /// Goes on after a pause.
    public func resume() async throws { try await perform(.resume) }

    /// Cancels the run: at once, or as its options say.
    public func cancel(reason: String? = nil) async throws {
        try await perform(.cancel(reason: reason))
    }

    /// Sends a signal, which is kept for the workflow's wait for it.
    public func signal(_ name: String, _ payload: some Encodable & Sendable) async throws {
        let signal = Signal(name: name, payload: try JSONCoding.encode(payload), idempotencyKey: nil)
        try await perform(.signal(signal))
    }

    /// Decides what a run waits for.
    ///
    /// - Throws: ``WorkflowFailure``: `approval.notAnApprover`, `interaction.alreadyResolved`, `interaction.expired`.
    public func answer(_ request: ApprovalRequest, with approval: Approval) async throws {
        try await perform(approval.answer(to: request.id))
    }

    /// Says what a run waits for.
    public func answer(_ request: InputRequest, with value: some Encodable & Sendable) async throws {
        try await perform(InputAnswer(value).answer(to: request.id))
    }

    private func perform(_ command: Command) async throws {
        if let deletion = mirror.deletion { throw deletion }
        try await fermata.perform(command, on: runID)
    }
}

extension Approval {
    func answer(to question: String) throws -> Command {
        guard let decision = ApprovalDecision(rawValue: status.rawValue) else {
            throw WorkflowFailure.misuse("approval.invalid", "A person approves or rejects; expiry comes by itself.")
        }
        let answer = ApprovalAnswer(
            decision: decision, approver: approver ?? "unnamed", message: message, client: nil)
        return .respondApproval(.id(question), answer)
    }
}

extension InputAnswer {
    init(_ value: some Encodable) throws {
        self.init(value: try JSONCoding.encode(value), by: nil, client: nil)
    }

    func answer(to question: String) -> Command { .respondInput(.id(question), self) }
}

extension Decodable {
    /// What a run left, which may have been of another type when it ran.
    init(_ output: JSONValue, ofRun run: String) throws {
        do {
            self = try JSONCoding.decode(Self.self, from: output)
        } catch {
            throw WorkflowFailure.misuse(
                "output.invalid",
                "The output of the run \"\(run)\" is no \(Self.self): \(JSONCoding.explanation(of: error))")
        }
    }
}
