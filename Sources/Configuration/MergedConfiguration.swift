package import JSON

/// The layers as one, member by member, and who said what.
package struct MergedConfiguration: Sendable {
    package private(set) var members = JSONObject()
    private var origins: [JSONPointer: ConfigurationOrigin] = [:]
    /// Those that were read, the weakest first.
    package private(set) var files: [ConfigurationFile] = []

    package init() {}

    package mutating func add(_ file: ConfigurationFile) throws(ConfigurationProblem) {
        if file.layer == .workspace { try checkProviders(of: file) }
        files.append(file)
        add(file.members, from: ConfigurationOrigin(file.layer, file: file.path))
    }

    /// Lays members over those that are there: objects member by member, all else as a whole. Null says nothing.
    package mutating func add(_ members: JSONObject, from origin: ConfigurationOrigin) {
        var all = self.members
        lay(members, over: &all, at: JSONPointer(), origin)
        self.members = all
    }

    /// Who said what stands at a place; of an object the strongest of those who said something in it.
    package func origin(of pointer: JSONPointer) -> ConfigurationOrigin? {
        let within = origins.filter { $0.key.tokens.starts(with: pointer.tokens) }.values
        if let strongest = within.max(by: { $0.layer < $1.layer }) { return strongest }
        // What is missing belongs to whoever said what it is missing in.
        guard !pointer.tokens.isEmpty else { return nil }
        return origin(of: JSONPointer(tokens: pointer.tokens.dropLast()))
    }

    package func origin(of setting: String) -> ConfigurationOrigin? { origin(of: JSONPointer(tokens: [setting])) }

    /// The file whose member stands at a place, for a complaint about it.
    package func file(of pointer: JSONPointer) -> ConfigurationFile? {
        guard let path = origin(of: pointer)?.file else { return nil }
        return files.first { $0.path == path }
    }

    /// What is set, one by one, in the order it stands there. Texts that may be secrets are covered.
    package var fields: [(pointer: JSONPointer, value: JSONValue, origin: ConfigurationOrigin)] {
        var fields: [(pointer: JSONPointer, value: JSONValue, origin: ConfigurationOrigin)] = []
        Self.leaves(of: .object(members), at: JSONPointer()) { pointer, value in
            guard let origin = origins[pointer] else { return }
            let shown = ConfigurationMember.isCovered(pointer.tokens) ? Self.covered(value) : value
            fields.append((pointer, shown, origin))
        }
        return fields
    }

    /// The program of a command is shown, and nothing else that may hold a secret.
    private static func covered(_ value: JSONValue) -> JSONValue {
        guard let words = value.array else { return "•••" }
        return .array(words.prefix(1) + (words.count > 1 ? ["•••"] : []))
    }

    private mutating func lay(
        _ members: JSONObject, over below: inout JSONObject, at pointer: JSONPointer, _ origin: ConfigurationOrigin
    ) {
        for (name, value) in members where !value.isNull {
            let place = pointer.appending(name)
            if case .object(let upper) = value, case .object(var lower)? = below[name],
                pointer.tokens != ["providers"] || Self.isSameKind(upper, lower, name)
            {
                lay(upper, over: &lower, at: place, origin)
                below[name] = .object(lower)
                continue
            }
            origins = origins.filter { !$0.key.tokens.starts(with: place.tokens) }
            below[name] = value
            Self.leaves(of: value, at: place) { pointer, _ in origins[pointer] = origin }
        }
    }

    /// A provider of another kind has other members, so it is another one.
    private static func isSameKind(_ upper: JSONObject, _ lower: JSONObject, _ name: String) -> Bool {
        guard let kind = upper["kind"]?.string else { return true }
        return kind == lower["kind"]?.string ?? name
    }

    private static func leaves(
        of value: JSONValue, at pointer: JSONPointer, _ body: (JSONPointer, JSONValue) -> Void
    ) {
        guard let members = value.object, !members.isEmpty else { return body(pointer, value) }
        for (name, value) in members { leaves(of: value, at: pointer.appending(name), body) }
    }

    /// A stranger's script must not answer where somebody else was meant, and no stranger's command at all.
    private func checkProviders(of file: ConfigurationFile) throws(ConfigurationProblem) {
        for (name, provider) in file.members["providers"]?.object ?? [:] {
            guard let kind = provider["kind"]?.string else { continue }
            let pointer = JSONPointer(tokens: ["providers", name, "kind"])
            let known = members["providers"]?[name]?["kind"]?.string ?? (Self.builtIn.contains(name) ? name : nil)
            let reason: String
            if kind == "command" {
                reason = ConfigurationMember.Reserve.executable.rawValue
            } else if let known, known != kind {
                reason = "the provider \"\(name)\" is another one already"
            } else {
                continue
            }
            throw file.problem(
                .forbidden, at: pointer,
                "\(pointer.words) may not be \(kind) in the file of a workspace, since \(reason).",
                hint: "Say it in your own file, or take another name.")
        }
    }

    /// Providers that are there without any configuration.
    private static let builtIn = ["anthropic", "openai", "scripted", "client"]
}
