package import JSON
package import RPC

/// `initialize`: {protocolVersion, serverInfo, capabilities, limits, recovered}. The first request of a session. Unknown members are ignored, for
/// editors send their own.
package struct InitializeRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "initialize"

    package struct ClientInfo: Sendable {
        package var name: String
        package var version: String?
    }

    /// The person the host speaks for.
    package struct User: Sendable {
        package var name: String
        package var roles: [String]
    }

    package var protocolVersion: String?
    package var clientInfo: ClientInfo?
    /// The service exits when this process dies.
    package var processID: Int?
    package var namespace: String?
    package var user: User?
    package var store: String?
    package var config: JSONObject?
    /// `config.retentionDays`: for how many days runs that ended are kept; absent keeps them.
    package var retentionDays: Int?
    package var mcpServers: [MCPServerSetting]
    package var providers: [ProviderSetting]
    package var recording: RecordingSetting?
    /// The handlers the client hosts; `*` hosts whatever is called.
    package var handlers: [String]
    /// The programs the client hosts; `*` hosts whatever is called.
    package var programs: [String]
    /// How many steps the client performs at once; absent sets no bound.
    package var maximumConcurrentSteps: Int?
    /// The models the client hosts, without their provider; `*` hosts whatever is asked.
    package var models: [String]
    /// Whether the host allows commands.
    package var allowsCommands: Bool
    /// Notification methods the client does not want.
    package var optOut: [String]

    package init(params: Parameters) throws(RPCError) {
        protocolVersion = try params.optional("protocolVersion", as: String.self)
        if let info = try params.optional("clientInfo", as: Parameters.self) {
            clientInfo = ClientInfo(
                name: try info.required("name", as: String.self), version: try info.optional("version", as: String.self)
            )
        }
        processID = try params.optional("processId", as: Int.self)
        if let processID, Int32(exactly: processID) == nil || processID < 1 {
            throw params.invalid("processId", "must be the id of a process")
        }
        namespace = try params.optional("namespace", as: String.self)
        if let user = try params.optional("user", as: Parameters.self) {
            self.user = User(
                name: try user.required("name", as: String.self),
                roles: try user.optional("roles", as: [String].self) ?? [])
        }
        store = try params.optional("store", as: String.self)
        config = try params.optional("config", as: JSONObject.self)
        let layer = try params.optional("config", as: Parameters.self)
        retentionDays = try layer?.optional("retentionDays", as: Int.self)
        if let retentionDays, let layer, !(0...36_500).contains(retentionDays) {
            throw layer.invalid("retentionDays", "must be a number of days, up to 36500")
        }
        mcpServers = try MCPServerSetting.all(in: layer)
        providers = try ProviderSetting.all(in: layer)
        recording = try RecordingSetting(in: layer)
        let capabilities = try params.optional("capabilities", as: Parameters.self)
        let steps = try capabilities?.optional("steps", as: Parameters.self)
        handlers = try steps?.optional("handlers", as: [String].self) ?? []
        programs = try capabilities?.optional("workflows", as: [String].self) ?? []
        maximumConcurrentSteps = try steps?.optional("maxConcurrent", as: Int.self)
        models = try capabilities?.optional("models", as: [String].self) ?? []
        allowsCommands = try capabilities?.optional("commands", as: Bool.self) ?? false
        optOut =
            try capabilities?.optional("notifications", as: Parameters.self)?.optional("optOut", as: [String].self)
            ?? []
    }
}
