import JSON
package import RPC

/// Where models are, as the host configures it: `config.providers` {name: {kind?, baseURL?, apiKeyEnv?, headers?,
/// prices?}}. The kind is the name where it is one.
package struct ProviderSetting: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable, ParameterValue {
        case anthropic, openai
    }

    /// What a million tokens of a model cost.
    package struct Prices: Sendable, Hashable {
        package var input: Double
        package var output: Double
        package var cacheRead: Double
        package var cacheWrite: Double
    }

    package var name: String
    package var kind: Kind
    package var baseURL: String?
    /// The environment variable that holds the key.
    package var keyVariable: String?
    package var headers: [String: String] = [:]
    package var prices: [String: Prices] = [:]

    init(name: String, _ params: Parameters) throws(RPCError) {
        self.name = name
        let kind = try params.optional("kind", as: Kind.self, "What it speaks; without it what its name says.")
        baseURL = try params.optional("baseURL", "Where it is, where that is another place than usual.")
        keyVariable = try params.optional("apiKeyEnv", "The environment variable that holds the key.")
        if let headers = try params.optional("headers", as: Parameters.self, "Headers to send with each request.") {
            for (name, value) in try headers.all(as: String.self) {
                let isHeader = !(name + value).utf8.contains { $0 < 0x20 }
                try headers.require(isHeader, name, "must be a header without line ends")
                self.headers[name] = value
            }
        }
        if let prices = try params.optional("prices", as: Parameters.self, "What models cost, by their names.") {
            for (model, price) in try prices.all(as: Parameters.self) { self.prices[model] = try Prices(price) }
        }
        guard let kind = kind ?? Kind(rawValue: name) else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: " or ")
            throw params.invalid("kind", "must be \(known)")
        }
        self.kind = kind
        let isURL = baseURL.map { $0.hasPrefix("http://") || $0.hasPrefix("https://") } ?? true
        try params.require(isURL, "baseURL", "must begin with http:// or https://")
        while baseURL?.hasSuffix("/") ?? false { baseURL?.removeLast() }
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
            settings.append(try ProviderSetting(name: name, provider))
        }
        return settings
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
