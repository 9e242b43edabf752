import JSON
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
    package var mcpServers: Setting<[MCPServerSetting]>
    package var providers: Setting<[ProviderSetting]>

    package init(
        store: Setting<String>, namespace: Setting<String>, allowsCommands: Setting<Bool>,
        mcpServers: Setting<[MCPServerSetting]> = Setting([], from: .builtIn),
        providers: Setting<[ProviderSetting]> = Setting([], from: .builtIn)
    ) {
        self.store = store
        self.namespace = namespace
        self.allowsCommands = allowsCommands
        self.mcpServers = mcpServers
        self.providers = providers
    }

    /// Each setting with its layer, for `config/get`.
    var json: [JSONValue] {
        [
            Self.json("store", .string(store.value), store.layer.rawValue),
            Self.json("namespace", .string(namespace.value), namespace.layer.rawValue),
            Self.json("commands", .bool(allowsCommands.value), allowsCommands.layer.rawValue),
            // What a server is started with may hold secrets; its name does not.
            Self.json(
                "mcpServers", .array(mcpServers.value.map { .string($0.name) }), mcpServers.layer.rawValue),
            Self.json("providers", .array(providers.value.map { .string($0.name) }), providers.layer.rawValue),
        ]
    }

    private static func json(_ name: String, _ value: JSONValue, _ layer: String) -> JSONValue {
        ["name": .string(name), "value": value, "layer": .string(layer)]
    }
}
