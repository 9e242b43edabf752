import JSON
import RPC

extension Parameters {
    /// A member that is one of a few names; nil when it is absent.
    func choice<Choice: CaseIterable & RawRepresentable<String>>(_ name: String, of type: Choice.Type) throws(RPCError)
        -> Choice?
    {
        guard let text = try optional(name, as: String.self) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw invalid(name, "must be one of \(names), and is \"\(text)\"")
    }

    /// An object of strings; empty when it is absent.
    func strings(_ name: String) throws(RPCError) -> [String: String] {
        var strings: [String: String] = [:]
        guard let object = try optional(name, as: Parameters.self) else { return strings }
        for (name, _) in object.members { strings[name] = try object.required(name, as: String.self) }
        return strings
    }
}
