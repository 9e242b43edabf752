import JSON
package import RPC

/// A provider of models that the host configures: `config.providers` {name: {kind?, …}}. The kind is the name where it
/// is one.
package struct ProviderSetting: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case anthropic, openai, command, scripted
    }

    /// What a million tokens of a model cost.
    package struct Prices: Sendable, Hashable {
        package var input: Double
        package var output: Double
        package var cacheRead: Double
        package var cacheWrite: Double
    }

    /// How the output of a command is read.
    package enum Format: String, Sendable, CaseIterable {
        case text, jsonLines
    }

    /// What models are called that the client itself hosts.
    package static let hosted = "client"

    package var name: String
    package var kind: Kind
    package var baseURL: String?
    /// The environment variable that holds the key.
    package var keyVariable: String?
    package var headers: [String: String]
    package var prices: [String: Prices] = [:]
    /// The program and its arguments, without a shell.
    package var command: [String]
    package var environment: [String: String]
    package var format: Format
    /// Where the answers of a script are.
    package var path: String?

    init(name: String, _ params: Parameters) throws(RPCError) {
        self.name = name
        guard let kind = try params.choice("kind", of: Kind.self) ?? Kind(rawValue: name) else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw params.invalid("kind", "is missing; it is one of \(known)")
        }
        self.kind = kind
        for (member, _) in params.members where member != "kind" && !kind.members.contains(member) {
            let known = kind.members.joined(separator: ", ")
            throw params.invalid(member, "is nothing that \(kind.rawValue) has; it has \(known)")
        }
        keyVariable = try params.optional("apiKeyEnv", as: String.self)
        headers = try params.strings("headers")
        command = try params.optional("command", as: [String].self) ?? []
        environment = try params.strings("env")
        format = try params.choice("format", of: Format.self) ?? .text
        path = try params.optional("path", as: String.self)
        baseURL = try params.optional("baseURL", as: String.self)
        try readAddress(params)
        try readPrices(params)
        if kind == .command, command.first?.isEmpty ?? true {
            throw params.invalid("command", "must be a list that begins with a program")
        }
        if kind == .scripted, path?.isEmpty ?? true { throw params.invalid("path", "must be the path of a script") }
    }

    private mutating func readAddress(_ params: Parameters) throws(RPCError) {
        if let baseURL, !baseURL.hasPrefix("http://"), !baseURL.hasPrefix("https://") {
            throw params.invalid("baseURL", "must begin with http:// or https://")
        }
        while baseURL?.hasSuffix("/") ?? false { baseURL?.removeLast() }
        for (name, value) in headers where (name + value).utf8.contains(where: { $0 < 0x20 }) {
            throw params.invalid("headers", "must have no line ends, as \"\(name)\" has")
        }
    }

    private mutating func readPrices(_ params: Parameters) throws(RPCError) {
        guard let prices = try params.optional("prices", as: Parameters.self) else { return }
        for (model, _) in prices.members {
            let params = try prices.required(model, as: Parameters.self)
            let input = try params.required("input", as: Double.self)
            let cacheRead = try params.optional("cacheRead", as: Double.self)
            let cacheWrite = try params.optional("cacheWrite", as: Double.self)
            self.prices[model] = Prices(
                input: input, output: try params.required("output", as: Double.self),
                cacheRead: cacheRead ?? input, cacheWrite: cacheWrite ?? input)
        }
    }

    /// All of them, in their order.
    package static func all(in config: Parameters?) throws(RPCError) -> [ProviderSetting] {
        guard let providers = try config?.optional("providers", as: Parameters.self) else { return [] }
        var settings: [ProviderSetting] = []
        for (name, _) in providers.members {
            if name.isEmpty || name.contains("/") { throw providers.invalid(name, "must be a name without a slash") }
            if name == hosted { throw providers.invalid(name, "is the host itself; capabilities.models declares it") }
            settings.append(try ProviderSetting(name: name, providers.required(name, as: Parameters.self)))
        }
        return settings
    }
}

extension ProviderSetting.Kind {
    /// What its configuration has beside its kind.
    fileprivate var members: [String] {
        switch self {
        case .anthropic, .openai: ["baseURL", "apiKeyEnv", "headers", "prices"]
        case .command: ["command", "env", "apiKeyEnv", "format"]
        case .scripted: ["path"]
        }
    }
}
