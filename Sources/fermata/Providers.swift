import Agents
import Server
import ServiceProtocol
import WorkflowEngine

/// The providers there are without any configuration, and those that the host has configured.
func modelProviders(_ settings: Settings, in engine: Engine) -> [any ModelProvider] {
    var providers: [any ModelProvider] = [ScriptedProvider(mailbox: engine.mailbox)]
    if let host = engine.executor(of: "call") {
        providers.append(HostedProvider(ProviderSetting.hosted, host: host))
    }
    for setting in settings.providers.value {
        providers.removeAll { $0.name == setting.name }
        switch setting.kind {
        case .anthropic, .openai: break
        case .command: break
        case .scripted:
            providers.append(ScriptedProvider(setting.name, path: setting.path, mailbox: engine.mailbox))
        }
    }
    return providers
}
