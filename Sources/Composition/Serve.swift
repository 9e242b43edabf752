import Agents
import CSystem
import Commands
import Glibc
import MCP
import SQLiteStore
import Secrets
package import Server
import ServiceProtocol
import Threads
package import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// Puts the service together and serves one client over two descriptors until the session ends; its exit code. `hosting` is called on the engine's
/// thread for what this process performs beside that.
package func serve(
    _ options: ServiceOptions, input: Int32, output: Int32, handlesSignals: Bool,
    hosting: @escaping (Engine) -> Void = { _ in }
) -> Int32 {
    let service = Service(input: input, output: output)
    let executors = Executors()
    var store: OpenStore?
    var composition = ServiceComposition(
        options: options,
        openStore: { path throws(EngineError) in
            do throws(StoreError) {
                let opened = try OpenStore(at: path, engineID: Environment.live.makeID())
                store = opened
                if let backup = opened.backup {
                    options.log.write(
                        .warning, "The store \(path) was brought up to date; as it was before, it is \(backup).")
                }
                return (opened.journal, opened.registry)
            } catch {
                throw .store(error)
            }
        },
        watchProcess: { watch(process: $0, service) },
        beginWork: { engine, settings in
            executors.install(in: engine, settings, options)
            hosting(engine)
            if handlesSignals { Signals.end(service) }
            store?.watch { change in
                switch change {
                case .journal: service.storeChanged()
                case .engines: service.enginesChanged()
                }
            }
        })
    composition.mask = SecretMask.init
    let exitCode = service.run(composition)
    executors.close()
    withExtendedLifetime(store) {}
    return exitCode
}

/// Who performs the steps that the client does not host. Used on the engine's thread.
package final class Executors {
    private var commands: CommandExecutor?
    private var servers: ServerPool?

    package init() {}

    package func install(in engine: Engine, _ settings: Settings, _ options: ServiceOptions) {
        let servers = ServerPool(settings.mcpServers.value, options)
        self.servers = servers
        let tools = ToolExecutor(isAllowed: settings.allowsCommands.value, pool: servers)
        engine.install(tools, for: "tool")
        let commands = CommandExecutor(
            isAllowed: settings.allowsCommands.value, ledger: engine.registry.processes,
            secrets: Set(settings.secretNames.value))
        self.commands = commands
        engine.install(commands, for: "command")
        let providers = modelProviders(settings, in: engine, commands: commands)
        engine.install(AgentExecutor(mailbox: engine.mailbox, providers: providers, catalog: tools), for: "agent")
        switch settings.recording.value {
        case let recording? where recording.mode == .record:
            RecordingExecutor.install(in: engine, path: recording.path)
        case let recording? where recording.mode == .replay:
            ReplayingExecutor.install(in: engine, path: recording.path)
        default: break
        }
    }

    /// Ends what still runs, politely and then not.
    package func close() {
        commands?.endAll()
        servers?.endAll(within: .milliseconds(800))
    }
}

/// What MCP servers have is what models are offered.
extension ToolExecutor: ToolCatalog {
    func list(_ server: String, _ listener: @escaping @Sendable (Result<[ModelTool], Failure>) -> Void) {
        pool.list(server) { listed in
            listener(
                listed.map { tools in
                    tools.map { ModelTool(name: $0.name, description: $0.description, input: $0.inputSchema) }
                })
        }
    }
}

extension ServerPool {
    fileprivate convenience init(_ settings: [MCPServerSetting], _ options: ServiceOptions) {
        let servers = settings.map {
            ServerConfiguration(
                name: $0.name, command: $0.command,
                environment: $0.environment.compactMapValues { $0.resolved(variable) }, cwd: $0.cwd)
        }
        let log = options.log
        self.init(
            Surroundings(servers: servers, directory: options.cwd, version: options.version, log: { log.write($0, $1) })
        )
    }
}

/// Ends the service when the host that started it dies.
private func watch(process: Int, _ service: Service) {
    let descriptor = fermata_pidfd_open(pid_t(truncatingIfNeeded: process))
    guard descriptor >= 0 else {
        // Without a descriptor the process is gone already, or the kernel is too old to tell of its death.
        if errno == ESRCH { service.terminate(exitCode: 0) }
        return
    }
    _ = startThread {
        var death = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&death, 1, -1) < 0, errno == EINTR {}
        service.terminate(exitCode: 0)
    }
}
