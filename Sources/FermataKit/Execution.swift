import JSON
import WorkflowCore
import WorkflowModel

/// A run that was started: where it stands, and what can be done with it.
///
/// Letting go of it changes nothing for the run. Several handles of one run see the same.
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
            switch ending {
            case .completed(let output): return try Output(output, ofRun: runID)
            case .failed(let failure): throw failure
            }
        }
    }

    /// What happens to the run, from where it was started here. Each iteration begins there anew, and ends with the run.
    ///
    /// Nothing is buffered but the text of steps under way: a reader that is slow is told from the journal.
    public var events: RunEvents { RunEvents(run: runID, after: firstSeq, mirror, fermata.link) }

    /// Lets steps under way finish, and no other begin.
    public func pause() async throws { try await fermata.perform(.pause, on: runID) }

    /// Goes on after a pause.
    public func resume() async throws { try await fermata.perform(.resume, on: runID) }

    /// Cancels the run: at once, or as its options say.
    public func cancel(reason: String? = nil) async throws {
        try await fermata.perform(.cancel(reason: reason), on: runID)
    }

    /// Sends a signal, which is kept for the workflow's wait for it.
    public func signal(_ name: String, _ payload: some Encodable & Sendable) async throws {
        let signal = Signal(name: name, payload: try JSONCoding.encode(payload), idempotencyKey: nil)
        try await fermata.perform(.signal(signal), on: runID)
    }

    /// Decides what a run waits for.
    ///
    /// - Throws: ``WorkflowFailure``: `approval.notAnApprover`, `interaction.alreadyResolved`, `interaction.expired`.
    public func answer(_ request: ApprovalRequest, with approval: Approval) async throws {
        try await fermata.answer(request.id, of: runID, with: approval)
    }

    /// Says what a run waits for.
    public func answer(_ request: InputRequest, with value: some Encodable & Sendable) async throws {
        try await fermata.answer(request.id, of: runID, with: value)
    }
}

extension Fermata {
    func answer(_ question: String, of run: String, with approval: Approval) async throws {
        guard let decision = ApprovalDecision(rawValue: approval.status.rawValue) else {
            throw WorkflowFailure.misuse("approval.invalid", "A person approves or rejects; expiry comes by itself.")
        }
        let answer = ApprovalAnswer(
            decision: decision, approver: approval.approver ?? "unnamed", message: approval.message, client: nil)
        try await perform(.respondApproval(.id(question), answer), on: run)
    }

    func answer(_ question: String, of run: String, with value: some Encodable) async throws {
        let answer = InputAnswer(value: try JSONCoding.encode(value), by: nil, client: nil)
        try await perform(.respondInput(.id(question), answer), on: run)
    }
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
