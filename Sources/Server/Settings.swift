package import Configuration
package import JSON
package import ServiceProtocol

/// A value, and which layer of the configuration it came from.
package struct Setting<Value: Sendable>: Sendable {
    package var value: Value
    package var origin: ConfigurationOrigin

    package init(_ value: Value, from layer: ConfigurationLayer) {
        self.init(value, from: ConfigurationOrigin(layer))
    }

    package init(_ value: Value, from origin: ConfigurationOrigin) {
        self.value = value
        self.origin = origin
    }
}

/// What a session goes by.
package struct Settings: Sendable {
    package var store: Setting<String>
    package var namespace: Setting<String>
    package var allowsCommands: Setting<Bool>
    /// How long runs that ended are kept; nil keeps them.
    package var retentionDays: Setting<Int?>
    package var mcpServers: Setting<[MCPServerSetting]>
    package var providers: Setting<[ProviderSetting]>
    package var recording: Setting<RecordingSetting?>
    /// The environment variables whose values are covered, beside those of keys.
    package var secretNames: Setting<[String]> = Setting([], from: .builtIn)
    /// What runs go by that do not say otherwise.
    package var runOptions: Setting<JSONObject?> = Setting(nil, from: .builtIn)
    /// Those that documents may name, as a document declares them.
    package var agents: Setting<JSONObject> = Setting([:], from: .builtIn)

    package init(
        store: Setting<String>, namespace: Setting<String>, allowsCommands: Setting<Bool>,
        mcpServers: Setting<[MCPServerSetting]> = Setting([], from: .builtIn),
        providers: Setting<[ProviderSetting]> = Setting([], from: .builtIn),
        recording: Setting<RecordingSetting?> = Setting(nil, from: .builtIn),
        retentionDays: Setting<Int?> = Setting(nil, from: .builtIn)
    ) {
        self.store = store
        self.namespace = namespace
        self.allowsCommands = allowsCommands
        self.retentionDays = retentionDays
        self.mcpServers = mcpServers
        self.providers = providers
        self.recording = recording
    }

    /// Each setting with its layer, for `config/get`. What servers and providers are started and asked with may hold
    /// secrets; their names do not.
    var json: [JSONValue] {
        [
            store.json("store") { .string($0) }, namespace.json("namespace") { .string($0) },
            allowsCommands.json("commands") { .bool($0) },
            retentionDays.json("retentionDays") { $0.map { .number(JSONNumber($0)) } ?? .null },
            mcpServers.json("mcpServers") { .array($0.map { .string($0.name) }) },
            providers.json("providers") { .array($0.map { .string($0.name) }) },
            recording.json("recording") { $0.map(Self.json) ?? .null },
            agents.json("agents") { .array($0.keys.map { .string($0) }) },
            secretNames.json("secrets") { .array($0.map { .string($0) }) },
            runOptions.json("runs") { $0.map { .object($0) } ?? .null },
        ]
    }

    private static func json(_ recording: RecordingSetting) -> JSONValue {
        ["mode": .string(recording.mode.rawValue), "path": .string(recording.path)]
    }
}

extension Setting {
    fileprivate func json(_ name: String, _ shape: (Value) -> JSONValue) -> JSONValue {
        .object(origin.json(name, shape(value)))
    }
}

extension ConfigurationOrigin {
    /// A value that came from here.
    func json(_ name: String, _ value: JSONValue) -> JSONObject {
        var members: JSONObject = ["name": .string(name), "value": value, "layer": .string(layer.rawValue)]
        members["file"] = file.map { .string($0) }
        return members
    }
}
