import RPC

extension Parameters {
    /// An object of strings whose names are somebody's choice; empty when it is absent.
    func strings(_ name: String, _ summary: String) throws(RPCError) -> [String: String] {
        var strings: [String: String] = [:]
        guard let object = try optional(name, as: Parameters.self, summary) else { return strings }
        for (name, text) in try object.all(as: String.self) { strings[name] = text }
        return strings
    }
}
