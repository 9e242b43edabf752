import Glibc
import JSON
import SQLiteStore
import Synchronization
import Threads
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// The engine that performs runs in this process, with the store that they live in.
///
/// Most programs need one, and ``shared`` will do. It goes on with the runs that a process before it left, as soon as it knows their
/// workflows.
public final class Fermata: Sendable {
    /// Where runs are kept.
    public enum Store: Sendable, Hashable {
        /// In a file, which other processes may use at the same time.
        case file(String)
        /// Nowhere: they end with the process.
        case memory
    }

    /// On the store where the `fermata` command keeps runs: `$XDG_STATE_HOME/fermata/fermata.db`, or below `~/.local/state`.
    public static let shared = Fermata(store: .standard)

    let link: EngineLink
    let registry: WorkflowRegistry
    let mirrors = RunMirrors()
    /// Where commands of runs work.
    let directory: String
    private let environment: Environment
    private let tasks = OwnedTasks()

    /// An engine on a store. A store that cannot be opened is told by whatever is asked of it first.
    ///
    /// - Parameters:
    ///   - store: Where runs are kept.
    ///   - namespace: Whose runs they are. Runs of other namespaces on the store are left alone.
    ///   - workflows: Those whose unfinished runs go on at once. Others are known once a run of them is asked for.
    public convenience init(store: Store, namespace: String = "default", workflows: [any Workflow] = []) {
        self.init(
            opening: { id throws(StoreError) in try store.open(as: id) }, namespace: namespace, workflows: workflows,
            environment: .live, pacing: { _, wait in wait })
    }

    init(
        opening open: @escaping @Sendable (String) throws(StoreError) -> (any Journal, any EngineRegistry),
        namespace: String, workflows: [any Workflow], environment: Environment,
        pacing: @escaping @Sendable (Activity, Duration?) -> Duration?
    ) {
        self.environment = environment
        directory = currentDirectory
        registry = WorkflowRegistry(workflows.map { $0.hosted })
        link = EngineLink(Mailbox())
        let (link, registry, mirrors) = (link, registry, mirrors)
        let isBegun = startThread {
            let engine = Engine(mailbox: link.mailbox, environment: environment)
            engine.configuration.namespace = namespace
            do throws(StoreError) {
                let (journal, owners) = try open(environment.makeID())
                engine.open(journal, owners)
            } catch {
                link.refuse(with: error)
                return engine.run()
            }
            WorkflowHost.install(in: engine, registry, link)
            let watch = RunWatch(mirrors, registry, of: engine)
            engine.observer = watch
            engine.performTurn([.call { $0.beginEffects() }])
            engine.run { pacing(link.activity, $0) }
            engine.observer = nil
        }
        if !isBegun { link.mailbox.close() }
    }

    deinit {
        link.mailbox.post(.call { $0.stop() })
    }

    /// Ends the engine. Steps under way are cut off, and their runs go on where an engine next opens the store.
    public func close() async {
        _ = try? await link.ask { $0.stop() }
        await tasks.end()
    }

    /// Removes a run that is not under way, with all that is known of it.
    ///
    /// - Throws: ``WorkflowFailure``, `run.notFound` where there is none.
    public func delete(_ id: String) async throws {
        _ = try await link.ask { engine throws(EngineError) in try engine.delete(id, expectedSeq: nil) }
    }

    func makeID() -> String { environment.makeID() }

    // MARK: Runs

    func snapshot(of run: String) async throws(WorkflowFailure) -> RunSnapshot {
        try await link.ask { engine throws(EngineError) in RunSnapshot(try engine.load(run).run) }
    }

    /// Starts a run, or finds it where it is.
    func start(_ request: RunRequest, of workflow: any Hosted) async throws(WorkflowFailure) -> StartedRun {
        try workflow.register(in: registry, for: request.runID)
        return try await link.ask { [mirrors] engine throws(EngineError) in
            let created = try engine.create(request)
            try engine.adopt(created.runID)
            let run = try engine.load(created.runID).run
            let isNew = run.seq == created.seq
            return StartedRun(
                runID: run.id, executionID: run.executionID ?? "", seq: isNew ? 0 : run.seq,
                mirror: mirrors.mirror(of: run.id, RunSnapshot(run)))
        }
    }

    func perform(_ command: Command, on run: String) async throws(WorkflowFailure) {
        _ = try await link.ask { engine throws(EngineError) in try engine.perform(command, on: run).seq }
    }

    /// What a run's observers are told with. It lives as long as the run, or the engine.
    func own(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> { tasks.begin(body) }
}

/// A run that is under way, or over.
struct StartedRun: Sendable {
    let runID: String
    let executionID: String
    /// The newest event that happened before anybody here was told.
    let seq: Int
    let mirror: RunMirror
}

extension Fermata.Store {
    /// The store of the `fermata` command; without a home, one that ends with the process.
    static var standard: Fermata.Store {
        if let state = variable("XDG_STATE_HOME") { return .file(state + "/fermata/fermata.db") }
        if let home = variable("HOME") { return .file(home + "/.local/state/fermata/fermata.db") }
        return .memory
    }

    fileprivate func open(as engineID: String) throws(StoreError) -> (any Journal, any EngineRegistry) {
        switch self {
        case .memory: (MemoryJournal(), LoneEngine(engineID: engineID))
        case .file(let path):
            (try SQLiteJournal(at: .file(path)), EngineLock(path: path, engineID: engineID))
        }
    }
}

extension Workflow {
    var hosted: HostedWorkflow { HostedWorkflow(self) }
}

private func variable(_ name: String) -> String? {
    guard let value = getenv(name), value[0] != 0 else { return nil }
    return String(cString: value)
}

private var currentDirectory: String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
}
