import JSON
package import RPC

/// Where models are, as the host configures it: `config.providers` {name: {kind?, baseURL?, apiKeyEnv?, headers?,
/// prices?}}. The kind is the name where it is one.
package struct ProviderSetting: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
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
        let kind = try params.optional("kind", as: String.self) ?? name
        guard let kind = Kind(rawValue: kind) else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: " or ")
            throw params.invalid("kind", "must be \(known)")
        }
        self.kind = kind
        baseURL = try params.optional("baseURL", as: String.self)
        if let baseURL, !baseURL.hasPrefix("http://"), !baseURL.hasPrefix("https://") {
            throw params.invalid("baseURL", "must begin with http:// or https://")
        }
        while baseURL?.hasSuffix("/") ?? false { baseURL?.removeLast() }
        keyVariable = try params.optional("apiKeyEnv", as: String.self)
        if let headers = try params.optional("headers", as: Parameters.self) {
            for (name, _) in headers.members { self.headers[name] = try Self.header(name, in: headers) }
        }
        if let prices = try params.optional("prices", as: Parameters.self) {
            for (model, _) in prices.members {
                self.prices[model] = try Self.prices(prices.required(model, as: Parameters.self))
            }
        }
    }

    private static func header(_ name: String, in headers: Parameters) throws(RPCError) -> String {
        let value = try headers.required(name, as: String.self)
        if (name + value).utf8.contains(where: { $0 < 0x20 }) {
            throw headers.invalid(name, "must be a header without line ends")
        }
        return value
    }

    private static func prices(_ params: Parameters) throws(RPCError) -> Prices {
        let input = try params.required("input", as: Double.self)
        let cacheRead = try params.optional("cacheRead", as: Double.self)
        let cacheWrite = try params.optional("cacheWrite", as: Double.self)
        return Prices(
            input: input, output: try params.required("output", as: Double.self),
            cacheRead: cacheRead ?? input, cacheWrite: cacheWrite ?? input)
    }

    /// All of them, in their order.
    package static func all(in config: Parameters?) throws(RPCError) -> [ProviderSetting] {
        guard let providers = try config?.optional("providers", as: Parameters.self) else { return [] }
        var settings: [ProviderSetting] = []
        for (name, _) in providers.members {
            if name.isEmpty || name.contains("/") { throw providers.invalid(name, "must be a name without a slash") }
            settings.append(try ProviderSetting(name: name, providers.required(name, as: Parameters.self)))
        }
        return settings
    }
}
