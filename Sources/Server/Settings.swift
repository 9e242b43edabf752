package import JSON
package import ServiceProtocol

/// A value, and which layer of the configuration it came from.
package struct Setting<Value: Sendable>: Sendable {
    /// Later ones beat earlier ones.
    package enum Layer: String, Sendable {
        case builtIn = "default"
        case environment
        case initialize
        case flag
    }

    package var value: Value
    package var layer: Layer

    package init(_ value: Value, from layer: Layer) {
        self.value = value
        self.layer = layer
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

    /// Each setting with its layer, for `config/get`.
    var json: [JSONValue] {
        [
            Self.json("store", .string(store.value), store.layer.rawValue),
            Self.json("namespace", .string(namespace.value), namespace.layer.rawValue),
            Self.json("commands", .bool(allowsCommands.value), allowsCommands.layer.rawValue),
            Self.json(
                "retentionDays", retentionDays.value.map { .number(JSONNumber($0)) } ?? .null,
                retentionDays.layer.rawValue),
            // What servers and providers are started and asked with may hold secrets; their names do not.
            Self.json(
                "mcpServers", .array(mcpServers.value.map { .string($0.name) }), mcpServers.layer.rawValue),
            Self.json("agents", .array(agents.value.keys.map { .string($0) }), agents.layer.rawValue),
            Self.json("providers", .array(providers.value.map { .string($0.name) }), providers.layer.rawValue),
            Self.json("recording", recording.value.map(Self.json) ?? .null, recording.layer.rawValue),
        ]
    }

    private static func json(_ recording: RecordingSetting) -> JSONValue {
        ["mode": .string(recording.mode.rawValue), "path": .string(recording.path)]
    }

    private static func json(_ name: String, _ value: JSONValue, _ layer: String) -> JSONValue {
        ["name": .string(name), "value": value, "layer": .string(layer)]
    }
}
