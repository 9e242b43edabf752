import Composition
import Configuration
import Glibc
import RPCTransport
import Server
import Threads
import WorkflowEngine

/// The service of the `fermata` executable, with workflows and flows of this program beside those that clients bring.
///
/// ```swift
/// @main
/// enum Main {
///     static func main() async throws {
///         try await FermataServer(workflows: [BuildAndDeploy()]).serve()
///     }
/// }
/// ```
public struct FermataServer: Sendable {
    private let options: ServiceOptions
    private let registry: WorkflowRegistry
    private let flows: [Flow]

    /// A server that hosts these.
    ///
    /// - Parameters:
    ///   - workflows: What clients find in `workflow/list` as hosted, and start by their names.
    ///   - flows: What they find there as documents, with bodies that run here.
    ///   - store: Where runs are kept if no client says; nil for where the `fermata` command keeps them.
    ///   - allowsCommands: Whether commands of documents run though a client has not allowed them.
    public init(
        workflows: [any Workflow] = [], flows: [Flow] = [], store: Fermata.Store? = nil, allowsCommands: Bool = false
    ) {
        var options = ServiceOptions.inProcess
        if let store { options.defaultStore = Setting(store.path, from: .builtIn) }
        options.allowsCommands = allowsCommands
        self.options = options
        registry = WorkflowRegistry(workflows.map { $0.hosted }, flows)
        self.flows = flows
    }

    /// Serves one client over standard input and output, until it leaves. What the process prints goes to standard error from then on.
    ///
    /// - Throws: ``WorkflowFailure``, `server.ended` where the session did not end as it should.
    public func serve() async throws {
        let streams = StandardStreams.take()
        let code = await withCheckedContinuation { continuation in
            let isBegun = startThread { [options, registry, flows] in
                let code = Composition.serve(
                    options, input: streams.input, output: streams.output, handlesSignals: true
                ) { engine in
                    engine.configuration.programs = registry.names
                    WorkflowHost.install(in: engine, registry, EngineLink(engine.mailbox, probe: nil))
                    engine.keep(flows)
                }
                continuation.resume(returning: code)
            }
            if !isBegun { continuation.resume(returning: 70) }
        }
        guard code != 0 else { return }
        throw WorkflowFailure.misuse("server.ended", "The session ended with the exit code \(code).")
    }
}
