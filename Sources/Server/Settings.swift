import JSON

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

    package init(
        store: Setting<String>, namespace: Setting<String>, allowsCommands: Setting<Bool>,
        retentionDays: Setting<Int?>
    ) {
        self.store = store
        self.namespace = namespace
        self.allowsCommands = allowsCommands
        self.retentionDays = retentionDays
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
        ]
    }

    private static func json(_ name: String, _ value: JSONValue, _ layer: String) -> JSONValue {
        ["name": .string(name), "value": value, "layer": .string(layer)]
    }
}
