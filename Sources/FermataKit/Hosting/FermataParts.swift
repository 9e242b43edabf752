package import Agents
package import Composition
import Configuration
import JSON
import RPC
import Secrets
package import Server
package import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// What an engine in this process is made of.
package struct FermataParts: Sendable {
    /// What it goes by.
    package var settings: @Sendable () throws(EngineError) -> Settings
    package var environment = Environment.live
    /// How long the engine truly waits, when nothing happens for so long.
    package var pacing: @Sendable (Activity, Duration?) -> Duration? = { _, wait in wait }
    /// Opens the store at a path, for the engine of an id.
    package var openStore: @Sendable (String, String) throws(EngineError) -> OpenStore = {
        (path, id) throws(EngineError) in
        do throws(StoreError) {
            return try OpenStore(at: path, engineID: id)
        } catch {
            throw .store(error)
        }
    }
    /// The models there are; nil for those of the settings.
    package var makeProviders: (@Sendable () -> [any ModelProvider])?
    package var probe: Probe?

    package init(settings: @escaping @Sendable () throws(EngineError) -> Settings) {
        self.settings = settings
    }

    /// On the engine's thread.
    func open(_ engine: Engine, _ executors: Executors) throws(EngineError) -> OpenStore {
        let settings = try settings()
        engine.configuration.namespace = settings.namespace.value
        engine.mask = SecretMask(settings)
        let store = try openStore(settings.store.value, environment.makeID())
        engine.open(store.journal, store.registry)
        executors.install(in: engine, settings, .inProcess)
        if let providers = makeProviders?() {
            engine.install(AgentExecutor(mailbox: engine.mailbox, providers: providers), for: "agent")
        }
        return store
    }
}

extension Settings {
    /// What files say, and above them the program.
    static func inProcess(
        _ store: Fermata.Store?, _ namespace: String, _ configuration: JSON, allowsCommands: Bool
    ) throws(EngineError) -> Settings {
        let members = configuration.value.object ?? ["configuration": configuration.value]
        if let other = members.keys.first(where: { !["providers", "mcpServers", "recording", "secrets"].contains($0) })
        {
            throw .configurationInvalid(
                "A program's configuration has providers, mcpServers, recording and secrets, and no \(other).")
        }
        var options = ServiceOptions.inProcess
        options.store = store?.path
        options.allowsCommands = allowsCommands
        var settings: Settings
        do throws(RPCError) {
            settings = try options.settings(members)
        } catch {
            throw .configurationInvalid(error.message)
        }
        settings.namespace = Setting(namespace, from: .initialize)
        return settings
    }
}

extension ServiceOptions {
    /// What the engine of a program has in common with a server of its own.
    static var inProcess: ServiceOptions {
        var options = ServiceOptions(version: "0.1.0", defaultStore: .location, cwd: currentDirectory)
        options.configurationFiles = .ofThisProcess
        return options
    }
}

extension EngineError {
    fileprivate static func configurationInvalid(_ message: String) -> EngineError {
        .optionsInvalid([Problem("config.invalid", at: JSONPointer(), message)])
    }
}

extension Fermata.Store {
    var path: String {
        switch self {
        case .memory: OpenStore.inMemory
        case .file(let path): path
        }
    }
}
