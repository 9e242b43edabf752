import Agents
import Commands
import Composition
import Configuration
import JSON
import RPC
import Secrets
import Server
import ServiceProtocol
import Terminal
import WorkflowEngine
import WorkflowModel

/// What a doctor tells of settings, models and secrets, without asking anybody on the network.
extension StoreCare {
    static func examine(_ settings: Result<Settings, RPCError>, _ options: ServiceOptions) -> Section {
        let files = options.configurationFiles
        var section = Section(name: "Settings", subject: files.user ?? "no file", findings: [])
        switch settings {
        case .success(let settings):
            section.findings = providers(settings) + servers(settings) + secrets(settings)
        case .failure(let error):
            let kind = error.data?["kind"]?.string ?? ErrorKind.configInvalid.rawValue
            section.findings = [.init("error", kind, error.message)]
        }
        return section
    }

    private static func providers(_ settings: Settings) -> [Finding] {
        let engine = Engine(mailbox: Mailbox(), environment: .live)
        // Whether commands are allowed is for the host of a session to say.
        let providers = modelProviders(settings, in: engine, commands: CommandExecutor(isAllowed: true))
        return providers.map { provider in
            guard let obstacle = provider.obstacle else {
                return .init("note", "provider.ready", "The provider \"\(provider.name)\" would work.")
            }
            // What nobody configured need not work.
            let isWanted = settings.providers.value.contains { $0.name == provider.name }
            return .init(isWanted ? "warning" : "note", "provider.obstructed", obstacle.message)
        }
    }

    private static func servers(_ settings: Settings) -> [Finding] {
        settings.mcpServers.value.compactMap { server in
            guard let program = server.command.first, ProgramPlace.path(of: program) == nil else { return nil }
            return .init(
                "warning", "server.notFound",
                "The MCP server \"\(server.name)\" is the command \(program), which is not found.")
        }
    }

    private static func secrets(_ settings: Settings) -> [Finding] {
        settings.secretNames.value.compactMap { name in
            guard let value = variable(name) else {
                return .init("note", "secret.unset", "The secret variable \(name) is not set.")
            }
            guard value.utf8.count < SecretMask.shortest else { return nil }
            return .init(
                "warning", "secret.short",
                "The value of \(name) has fewer than \(SecretMask.shortest) bytes, and is not covered.")
        }
    }
}

extension StoreCare.Finding {
    fileprivate init(_ severity: String, _ kind: String, _ message: String) {
        self.init(severity: severity, kind: kind, message: message, repair: nil, isRepaired: false)
    }
}
