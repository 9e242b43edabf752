import Composition
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
    public static let shared = Fermata()

    let link: EngineLink
    let registry: WorkflowRegistry
    let mirrors = RunMirrors()
    /// Where commands of runs work.
    let directory: String
    private let environment: Environment
    private let tasks = OwnedTasks()

    /// An engine on a store. What is wrong with the store or the configuration is told by whatever is asked of it first.
    ///
    /// - Parameters:
    ///   - store: Where runs are kept; nil for where the `fermata` command keeps them.
    ///   - namespace: Whose runs they are. Runs of other namespaces on the store are left alone.
    ///   - workflows: Those whose unfinished runs go on at once. Others are known once a run of them is asked for.
    ///   - flows: The same for flows; other flows can name these as their children.
    ///   - configuration: `providers`, `mcpServers`, `recording` and `secrets`, as a file of configuration has them, above the files there are.
    ///   - allowsCommands: Whether ``Step/command(_:_:_:directory:environment:stdin:)`` and MCP servers run here. To be false where
    ///     documents come from somebody else.
    public convenience init(
        store: Store? = nil, namespace: String = "default", workflows: [any Workflow] = [], flows: [Flow] = [],
        configuration: JSON = [:], allowsCommands: Bool = true
    ) {
        let parts = FermataParts { () throws(EngineError) in
            try .inProcess(store, namespace, configuration, allowsCommands: allowsCommands)
        }
        self.init(parts, workflows: workflows, flows: flows)
    }

    package init(_ parts: FermataParts, workflows: [any Workflow], flows: [Flow] = []) {
        environment = parts.environment
        directory = currentDirectory
        registry = WorkflowRegistry(workflows.map { $0.hosted }, flows)
        link = EngineLink(Mailbox(), probe: parts.probe)
        let (link, registry, mirrors) = (link, registry, mirrors)
        let isBegun = startThread {
            let engine = Engine(mailbox: link.mailbox, environment: parts.environment)
            let executors = Executors()
            let store: OpenStore
            do throws(EngineError) {
                store = try parts.open(engine, executors)
            } catch {
                link.refuse(with: error)
                return engine.run()
            }
            WorkflowHost.install(in: engine, registry, link)
            let watch = RunWatch(mirrors, registry, of: engine)
            engine.observer = watch
            store.watch { change in
                link.mailbox.post(change == .journal ? .storeChanged : .enginesChanged)
            }
            engine.performTurn([
                .call { engine in
                    engine.keep(flows)
                    engine.beginEffects()
                }
            ])
            engine.run { parts.pacing(link.activity, $0) }
            engine.observer = nil
            executors.close()
            withExtendedLifetime(store) {}
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
        mirrors.known(id)?.delete(id)
    }

    func makeID() -> String { environment.makeID() }

    // MARK: Runs

    func snapshot(of run: String) async throws(WorkflowFailure) -> RunSnapshot {
        try await link.ask { engine throws(EngineError) in RunSnapshot(try engine.load(run).run) }
    }

    /// Starts a run that cannot be there yet. Its function is called at once, so that its first step is in the same commit.
    func startNew(_ request: RunRequest, _ run: String, of workflow: any Hosted) async throws(WorkflowFailure)
        -> StartedRun
    {
        try workflow.register(in: registry, for: run)
        let program = workflow.begin(run, request.input ?? .null, link, registry)
        defer { program?.drop() }
        return try await link.ask { [mirrors, registry] engine throws(EngineError) in
            let created = try engine.joining { () throws(EngineError) in try engine.create(request) }
            let mirror = mirrors.mirror(of: run, RunSnapshot(try engine.load(run).run))
            engine.beginProgram(of: run)
            // Where it was not begun now, it is called anew when it is.
            if registry.takeEarly(of: run) == nil { program?.catchUp(on: engine) }
            return StartedRun(runID: run, executionID: created.executionID ?? "", seq: 0, mirror: mirror)
        }
    }

    /// Starts a run, or finds it where it is.
    func start(_ request: RunRequest, of workflow: any Hosted) async throws(WorkflowFailure) -> StartedRun {
        try workflow.register(in: registry, for: request.runID)
        return try await link.ask { [mirrors] engine throws(EngineError) in
            // A run with an id that was made for it is known by that alone.
            var known: RunRecord?
            if request.isNew, let id = request.runID { known = try engine.storedRun(id) }
            let created = known == nil ? try engine.create(request) : nil
            guard let id = created?.runID ?? known?.id else { throw .shuttingDown }
            try engine.adopt(id)
            let run = try engine.load(id).run
            let isNew = run.seq == created?.seq
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

extension Workflow {
    var hosted: HostedWorkflow { HostedWorkflow(self) }
}
