import JSON
import Synchronization
import WorkflowEngine
import WorkflowModel

/// A run of a workflow that is configured: it can be looked at, and started.
public struct Run<Output: Codable & Sendable>: Sendable {
    /// The run's id, unique in its store: what the options say, else one of its own.
    public let id: String
    /// How the run is treated, and who is told of it.
    public let options: RunOptions<Output>
    private let workflow: any Hosted
    private let input: @Sendable () throws -> JSONValue
    private let fermata: Fermata
    /// Whether it was started under an id of its own.
    private let isBegun = Flag()

    init(
        _ workflow: any Hosted, input: @escaping @Sendable () throws -> JSONValue, _ options: RunOptions<Output>,
        _ fermata: Fermata
    ) {
        id = options.id ?? fermata.makeID()
        self.workflow = workflow
        self.input = input
        self.options = options
        self.fermata = fermata
    }

    /// Where the run is in its life; `pending` until it is started.
    public var status: RunStatus {
        get async throws {
            do {
                return try await fermata.snapshot(of: id).status
            } catch let failure where failure.kind == WorkflowFailure.runNotFound {
                return .pending
            }
        }
    }

    /// Starts the run. Once this returns it is durable.
    ///
    /// A run that is there already, under this id and with this input, is not started a second time: its handle is given, and
    /// it goes on where it stood. So a program that was killed is simply run again.
    ///
    /// - Throws: ``WorkflowFailure``: of the kind `idempotency.conflict` where the id is another run's, `store.unavailable` where nothing
    ///   can be written.
    public func start() async throws -> Execution<Output> {
        var request = RunRequest(definition: workflow.definition, cwd: fermata.directory)
        request.input = try input()
        request.options = options.json
        request.labels = JSONObject(options.labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
        request.runID = id
        request.starts = true
        // The run may ask before anybody listens.
        fermata.link.activity.begin()
        defer { fermata.link.activity.end() }
        request.isNew = options.id == nil
        try await workflow.check(fermata.link)
        let started =
            request.isNew && isBegun.set()
            ? try await fermata.startNew(request, id, of: workflow) : try await fermata.start(request, of: workflow)
        return Execution(started, options, fermata)
    }
}

/// Set once.
private final class Flag: Sendable {
    private let isSet = Atomic(false)

    /// Whether this was the first time.
    func set() -> Bool { !isSet.exchange(true, ordering: .relaxed) }
}
