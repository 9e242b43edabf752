import JSON
package import RPC

/// An MCP server that the host configures: `config.mcpServers` {name: {command: [program, argument, …], env?, cwd?}}.
package struct MCPServerSetting: Sendable, Hashable {
    package var name: String
    package var command: [String]
    package var environment: [String: SecretText]
    package var cwd: String?

    init(name: String, _ params: Parameters) throws(RPCError) {
        self.name = name
        command = try params.required("command", "The program and its arguments.")
        try params.require(command.first?.isEmpty == false, "command", "must begin with a program")
        environment = try params.secretTexts("env", "Variables of its environment.")
        cwd = try params.optional("cwd", "The directory that it works in.")
    }

    /// All of them, in their order.
    package static func all(in config: Parameters?) throws(RPCError) -> [MCPServerSetting] {
        guard
            let servers = try config?.optional(
                "mcpServers", as: Parameters.self, "Servers of the Model Context Protocol, by names of your choice.")
        else { return [] }
        var settings: [MCPServerSetting] = []
        for (name, server) in try servers.all(as: Parameters.self) {
            try servers.require(!name.isEmpty && !name.contains("/"), name, "must be a name without a slash")
            settings.append(try MCPServerSetting(name: name, server))
        }
        return settings
    }
}
