package import RPC

/// Whether what models and their tools say is kept in a file, or comes from one: `config.recording` {mode, path}.
package struct RecordingSetting: Sendable, Hashable {
    package enum Mode: String, Sendable, CaseIterable, ParameterValue {
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
        let summary = "A file that keeps what models and their tools say, or that says it again."
        guard let params = try config?.optional("recording", as: Parameters.self, summary) else { return nil }
        mode = try params.required("mode", "What the file is for.")
        let path = try params.optional("path", as: String.self, "The file; needed but for `off`.")
        if mode == .off { return nil }
        try params.require(path?.isEmpty == false, "path", "must be the path of a file")
        self.path = path ?? ""
    }
}
