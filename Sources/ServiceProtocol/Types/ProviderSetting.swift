import JSON
package import RPC

/// A provider of models that the host configures: `config.providers` {name: {kind?, …}}. The kind is the name where it
/// is one.
package struct ProviderSetting: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable, ParameterValue {
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
    package enum Format: String, Sendable, CaseIterable, ParameterValue {
        case text, jsonLines
    }

    /// What models are called that the client itself hosts.
    package static let hosted = "client"

    package var name: String
    package var kind: Kind
    package var baseURL: String?
    /// The environment variable that holds the key.
    package var keyVariable: String?
    package var headers: [String: SecretText]
    package var prices: [String: Prices] = [:]
    /// The program and its arguments, without a shell.
    package var command: [String]
    package var environment: [String: SecretText]
    package var format: Format
    /// Where the answers of a script are.
    package var path: String?

    init(name: String, _ params: Parameters) throws(RPCError) {
        self.name = name
        let kind = try params.optional("kind", as: Kind.self, "What it speaks; without it what its name says.")
        baseURL = try params.optional("baseURL", "Where it is, where that is another place than usual.")
        keyVariable = try params.optional("apiKeyEnv", "The environment variable that holds the key.")
        headers = try params.secretTexts("headers", "Headers to send with each request.")
        command = try params.optional("command", "A command's program and arguments, without a shell.") ?? []
        environment = try params.secretTexts("env", "Variables of a command's environment.")
        format = try params.optional("format", "How a command's output is read; without it as text.") ?? .text
        path = try params.optional("path", "Where a script's answers are.")
        if let prices = try params.optional("prices", as: Parameters.self, "What models cost, by their names.") {
            for (model, price) in try prices.all(as: Parameters.self) { self.prices[model] = try Prices(price) }
        }
        guard let kind = kind ?? Kind(rawValue: name) else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw params.invalid("kind", "is missing; it is one of \(known)")
        }
        self.kind = kind
        try check(params)
    }

    /// Refuses what does not fit the kind.
    private mutating func check(_ params: Parameters) throws(RPCError) {
        // Somebody may have put the key itself there, so what stands there is not repeated.
        try params.require(
            keyVariable?.isVariableName ?? true, "apiKeyEnv", "must be the name of an environment variable, never a key"
        )
        for (member, _) in params.members where member != "kind" && !kind.members.contains(member) {
            let known = kind.members.joined(separator: ", ")
            throw params.invalid(member, "is nothing that \(kind.rawValue) has; it has \(known)")
        }
        let isURL = baseURL.map { $0.hasPrefix("http://") || $0.hasPrefix("https://") } ?? true
        try params.require(isURL, "baseURL", "must begin with http:// or https://")
        while baseURL?.hasSuffix("/") ?? false { baseURL?.removeLast() }
        for (name, value) in headers {
            let isHeader = !(name + (value.resolved { _ in nil } ?? "")).utf8.contains { $0 < 0x20 }
            try params.require(isHeader, "headers", "must have no line ends, as \"\(name)\" has")
        }
        let hasProgram = kind != .command || command.first?.isEmpty == false
        try params.require(hasProgram, "command", "must be a list that begins with a program")
        let hasScript = kind != .scripted || path?.isEmpty == false
        try params.require(hasScript, "path", "must be the path of a script")
    }

    /// All of them, in their order.
    package static func all(in config: Parameters?) throws(RPCError) -> [ProviderSetting] {
        guard
            let providers = try config?.optional(
                "providers", as: Parameters.self, "Where models are, by names of your choice.")
        else { return [] }
        var settings: [ProviderSetting] = []
        for (name, provider) in try providers.all(as: Parameters.self) {
            try providers.require(!name.isEmpty && !name.contains("/"), name, "must be a name without a slash")
            try providers.require(name != hosted, name, "is the host itself; capabilities.models declares it")
            settings.append(try ProviderSetting(name: name, provider))
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

extension ProviderSetting.Prices {
    fileprivate init(_ params: Parameters) throws(RPCError) {
        input = try params.required("input", "What goes in.")
        output = try params.required("output", "What comes out.")
        cacheRead = try params.optional("cacheRead", "What is read from a cache; without it as what goes in.") ?? input
        cacheWrite =
            try params.optional("cacheWrite", "What is written to a cache; without it as what goes in.") ?? input
    }
}
