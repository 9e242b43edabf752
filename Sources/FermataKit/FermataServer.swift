import Composition
import Configuration
import Glibc
import RPCTransport
import Server
import Threads
import WorkflowEngine

/// The service of the `fermata` executable, with workflows that are Swift types beside those that clients bring.
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
    /// Where runs are kept, if no client says.
    public var store: Fermata.Store
    /// Whether commands of documents run though a client has not allowed them.
    public var allowsCommands: Bool
    private let workflows: [HostedWorkflow]

    /// A server that hosts these workflows. Without a store it keeps runs where the `fermata` command does.
    public init(workflows: [any Workflow], store: Fermata.Store? = nil, allowsCommands: Bool = false) {
        self.workflows = workflows.map { $0.hosted }
        self.store = store ?? .standard
        self.allowsCommands = allowsCommands
    }

    /// Serves one client over standard input and output, until it leaves. What the process prints goes to standard error from then on.
    ///
    /// - Throws: ``WorkflowFailure``, `server.ended` where the session did not end as it should.
    public func serve() async throws {
        let streams = StandardStreams.take()
        var options = ServiceOptions(
            version: Self.version, defaultStore: Setting(store.path, from: .builtIn), cwd: currentDirectory)
        options.configurationFiles = .ofThisProcess
        options.allowsCommands = allowsCommands
        let registry = WorkflowRegistry(workflows)
        let code = await withCheckedContinuation { continuation in
            let isBegun = startThread { [options] in
                let code = Composition.serve(
                    options, input: streams.input, output: streams.output, handlesSignals: true
                ) { engine in
                    engine.configuration.programs = registry.names
                    WorkflowHost.install(in: engine, registry, EngineLink(engine.mailbox, probe: nil))
                }
                continuation.resume(returning: code)
            }
            if !isBegun { continuation.resume(returning: 70) }
        }
        guard code != 0 else { return }
        throw WorkflowFailure.misuse("server.ended", "The session ended with the exit code \(code).")
    }

    private static let version = "0.1.0"
}
