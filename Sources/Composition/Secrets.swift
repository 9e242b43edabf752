import Agents
import Glibc
package import Secrets
package import Server
import ServiceProtocol

extension SecretMask {
    /// Shorter values are words that stand in ordinary text, such as the "none" of a server that asks for no key.
    package static let shortest = 8

    /// The values of the variables that the configuration names, and of those that hold keys without being named.
    package init?(_ settings: Settings) {
        let values = Self.variables(of: settings).compactMap(variable).filter { $0.utf8.count >= Self.shortest }
        self.init(values, inBase64: true)
    }

    package static func variables(of settings: Settings) -> [String] {
        let texts =
            settings.providers.value.flatMap { Array($0.headers.values) + Array($0.environment.values) }
            + settings.mcpServers.value.flatMap { Array($0.environment.values) }
        return settings.secretNames.value + settings.providers.value.compactMap { $0.keyVariable }
            + texts.compactMap { $0.variable } + HTTPProvider.keyVariables
    }
}
