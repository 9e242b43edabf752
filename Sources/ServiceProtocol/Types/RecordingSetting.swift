package import RPC

/// Whether what models and their tools say is kept in a file, or comes from one: `config.recording` {mode, path}.
package struct RecordingSetting: Sendable, Hashable {
    package enum Mode: String, Sendable, CaseIterable {
        case record, replay, off
    }

    package var mode: Mode
    package var path: String

    package init(mode: Mode, path: String) {
        self.mode = mode
        self.path = path
    }

    /// Nil where nothing is recorded and nothing replayed.
    package init?(in config: Parameters?) throws(RPCError) {
        guard let params = try config?.optional("recording", as: Parameters.self) else { return nil }
        guard let mode = try params.choice("mode", of: Mode.self) else {
            throw params.invalid("mode", "is missing; it is record, replay or off")
        }
        self.mode = mode
        if mode == .off { return nil }
        path = try params.required("path", as: String.self)
        if path.isEmpty { throw params.invalid("path", "must be the path of a file") }
    }
}
