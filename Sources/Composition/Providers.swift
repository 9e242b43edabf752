package import Agents
package import Commands
package import Server
import ServiceProtocol
package import WorkflowEngine

/// The providers there are without any configuration, and those that the host has configured.
package func modelProviders(_ settings: Settings, in engine: Engine, commands: CommandExecutor) -> [any ModelProvider] {
    var providers: [any ModelProvider] = [
        HTTPProvider.anthropic(), HTTPProvider.openAI(), ScriptedProvider(mailbox: engine.mailbox),
    ]
    if let host = engine.executor(of: "call") {
        providers.append(HostedProvider(ProviderSetting.hosted, host: host))
    }
    for setting in settings.providers.value {
        providers.removeAll { $0.name == setting.name }
        switch setting.kind {
        case .anthropic: providers.append(HTTPProvider.anthropic(setting.name, ProviderSettings(setting)))
        case .openai: providers.append(HTTPProvider.openAI(setting.name, ProviderSettings(setting)))
        case .command:
            let known = CommandProvider.Settings(
                arguments: setting.command, environment: setting.environment.compactMapValues { $0.resolved(variable) },
                keyVariable: setting.keyVariable,
                printsLines: setting.format == .jsonLines)
            providers.append(CommandProvider(setting.name, known, commands: commands))
        case .scripted:
            providers.append(ScriptedProvider(setting.name, path: setting.path, mailbox: engine.mailbox))
        }
    }
    return providers
}

extension ProviderSettings {
    fileprivate init(_ setting: ProviderSetting) {
        self.init()
        baseURL = setting.baseURL
        keyVariable = setting.keyVariable
        headers = setting.headers.sorted { $0.key < $1.key }.compactMap { name, value in
            // What came from a variable may have what no header can.
            value.resolved(variable).map { (name, String($0.filter { !$0.isNewline })) }
        }
        prices = setting.prices.mapValues {
            ModelPrices(input: $0.input, output: $0.output, cacheRead: $0.cacheRead, cacheWrite: $0.cacheWrite)
        }
    }
}
