import JSON
package import RPC

/// An MCP server that the host configures: `config.mcpServers` {name: {command: [program, argument, …], env?, cwd?}}.
package struct MCPServerSetting: Sendable, Hashable {
    package var name: String
    package var command: [String]
    package var environment: [String: String]
    package var cwd: String?

    init(name: String, _ params: Parameters) throws(RPCError) {
        self.name = name
        command = try params.required("command", as: [String].self)
        if command.first?.isEmpty ?? true { throw params.invalid("command", "must begin with a program") }
        environment = try params.strings("env")
        cwd = try params.optional("cwd", as: String.self)
    }

    /// All of them, in their order.
    package static func all(in config: Parameters?) throws(RPCError) -> [MCPServerSetting] {
        guard let servers = try config?.optional("mcpServers", as: Parameters.self) else { return [] }
        var settings: [MCPServerSetting] = []
        for (name, _) in servers.members {
            if name.isEmpty || name.contains("/") { throw servers.invalid(name, "must be a name without a slash") }
            let server = try servers.required(name, as: Parameters.self)
            settings.append(try MCPServerSetting(name: name, server))
        }
        return settings
    }
}
