import RPC

extension Parameters {
    /// An object of texts whose names are somebody's choice; empty when it is absent.
    func secretTexts(_ name: String, _ summary: String) throws(RPCError) -> [String: SecretText] {
        var texts: [String: SecretText] = [:]
        guard let object = try optional(name, as: Parameters.self, summary) else { return texts }
        for (name, text) in try object.all(as: SecretText.self) { texts[name] = text }
        return texts
    }
}
