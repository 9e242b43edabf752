import Agents
import CSystem
import Commands
import Glibc
import SQLiteStore
import Server
import Threads
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// Puts the service together and serves one client over two descriptors until the session ends; its exit code.
func serve(_ options: ServiceOptions, input: Int32, output: Int32, handlesSignals: Bool) -> Int32 {
    let service = Service(input: input, output: output)
    let executors = Executors()
    var store: OpenStore?
    let composition = ServiceComposition(
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
        installExecutors: { engine, settings in executors.install(in: engine, settings) },
        watchProcess: { watch(process: $0, service) },
        beginWork: {
            if handlesSignals { Signals.end(service) }
            store?.watch { change in
                switch change {
                case .journal: service.storeChanged()
                case .engines: service.enginesChanged()
                }
            }
        })
    let exitCode = service.run(composition)
    executors.close()
    withExtendedLifetime(store) {}
    return exitCode
}

/// Who performs the steps that the client does not host.
private final class Executors {
    private var commands: CommandExecutor?

    func install(in engine: Engine, _ settings: Settings) {
        let commands = CommandExecutor(
            isAllowed: settings.allowsCommands.value, ledger: engine.registry.processes)
        self.commands = commands
        engine.install(commands, for: "command")
        engine.install(AgentExecutor(), for: "agent")
    }

    /// Ends what still runs, politely and then not.
    func close() {
        commands?.endAll()
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
