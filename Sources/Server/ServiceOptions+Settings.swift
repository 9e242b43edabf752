import Configuration
package import JSON
package import RPC
import ServiceProtocol

/// Settings that the client does not give come from files.
extension ServiceOptions {
    /// What a session goes by whose client says nothing but `config`.
    package func settings(_ config: JSONObject = [:]) throws(RPCError) -> Settings {
        let (params, configuration) = try layered(["config": .object(config)])
        return settings(for: try InitializeRequest(params: Parameters(params)), configuration)
    }

    /// The params of `initialize`, with what the files say beneath what it says, and who said what.
    func layered(_ params: JSONValue?) throws(RPCError) -> (params: JSONValue?, MergedConfiguration) {
        var configuration: MergedConfiguration
        do throws(ConfigurationProblem) {
            configuration = try configurationFiles.load()
        } catch {
            throw RPCError(error)
        }
        guard var members = try? Parameters(params).members else { return (params, configuration) }
        if let own = members["config"]?.object { configuration.add(own, from: ConfigurationOrigin(.initialize)) }
        if let own = members["store"] { configuration.add(["store": own], from: ConfigurationOrigin(.initialize)) }
        guard !configuration.files.isEmpty else { return (params, configuration) }
        var config = configuration.members
        members["store"] = config["store"]
        config["store"] = nil
        if members["config"]?.object != nil || members["config"]?.isNull ?? true { members["config"] = .object(config) }
        try check(.object(members), configuration)
        return (.object(members), configuration)
    }

    /// What is wrong with a file only together with the others is told of that file.
    private func check(_ params: JSONValue, _ configuration: MergedConfiguration) throws(RPCError) {
        do throws(RPCError) {
            _ = try InitializeRequest(params: Parameters(params))
        } catch {
            guard let pointer = error.data?["pointer"]?.string.flatMap(JSONPointer.init(parsing:)) else { throw error }
            let isOfConfig = pointer.tokens.first == "config"
            let place = isOfConfig ? JSONPointer(tokens: Array(pointer.tokens.dropFirst())) : pointer
            guard let file = configuration.file(of: place) else { throw error }
            throw RPCError(file.problem(at: place, error.message))
        }
    }

    /// What a session goes by. `configuration` holds what the files and `request` say together.
    func settings(for request: InitializeRequest, _ configuration: MergedConfiguration) -> Settings {
        func said<Value>(_ name: String, _ value: Value) -> Setting<Value> {
            Setting(value, from: configuration.origin(of: name) ?? ConfigurationOrigin(.builtIn))
        }
        let namespace: Setting<String> =
            (request.namespace ?? request.clientInfo?.name).map { Setting($0, from: .initialize) }
            ?? Setting("default", from: .builtIn)
        let commands: Setting<Bool>
        if allowsCommands {
            commands = Setting(true, from: .flag)
        } else {
            commands = Setting(request.allowsCommands, from: request.allowsCommands ? .initialize : .builtIn)
        }
        var settings = Settings(
            store: store.map { Setting($0, from: .flag) } ?? request.store.map { said("store", $0) }
                ?? defaultStore,
            namespace: namespace, allowsCommands: commands, mcpServers: said("mcpServers", request.mcpServers),
            providers: said("providers", request.providers), recording: said("recording", request.recording),
            retentionDays: retentionDays.map { Setting($0, from: .flag) }
                ?? said("retentionDays", request.retentionDays))
        settings.agents = said("agents", request.agents)
        settings.secretNames = said("secrets", request.secrets.names)
        settings.runOptions = said("runs", request.runOptions?.object)
        return settings
    }
}
