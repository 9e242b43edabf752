package import JSON
package import RPC

package struct InitializeRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "initialize"

    package static var about: RequestDescription {
        RequestDescription(
            "Opens the session: the first request of all.",
            """
            Before it every other request but `rpc.discover` is refused with -32002, and a second one with -32600. Effects begin at the notification
            `initialized`, or at the first other request. A `protocolVersion` that the service does not know is answered with the newest it does.
            """,
            result: .session,
            errors: [.storeUnavailable, .storeCorrupt, .configInvalid, .configForbidden],
            example: Example(
                #"""
                {"clientInfo": {"name": "deploy-bot", "version": "2.1"},
                "capabilities": {"steps": {"handlers": ["git/clone"]}}}
                """#,
                gives: #"""
                    {"protocolVersion": "1.0", "serverInfo": {"name": "fermata", "version": "0.1.0"},
                    "capabilities": {"steps": {"kinds": ["call", "command"]}, "commands": false,
                    "methods": ["initialize", "run/create"]}, "limits": {"maxMessageBytes": 16777216,
                    "maxPayloadBytes": 16777216, "maxBatch": 100000}, "schemaHash": "9f2c", "recovered": {"runs": 0}}
                    """#))
    }

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
    package var processID: Int?
    package var namespace: String?
    package var user: User?
    package var store: String?
    /// `config.retentionDays`: for how many days runs that ended are kept; absent keeps them.
    package var retentionDays: Int?
    package var mcpServers: [MCPServerSetting]
    package var providers: [ProviderSetting]
    package var recording: RecordingSetting?
    package var secrets: SecretsSetting
    /// What runs go by that do not say otherwise.
    package var runOptions: JSONValue?
    /// Those that documents may name beside their own, as a document declares them.
    package var agents: JSONObject
    package var handlers: [String]
    package var programs: [String]
    package var maximumConcurrentSteps: Int?
    /// The models the client hosts, without their provider; `*` hosts whatever is asked.
    package var models: [String]
    package var allowsCommands: Bool
    package var optOut: [String]

    package init(params: Parameters) throws(RPCError) {
        protocolVersion = try params.optional("protocolVersion", "The version that the client speaks.")
        if let info = try params.optional("clientInfo", as: Parameters.self, "Who the client is.") {
            clientInfo = ClientInfo(
                name: try info.required(
                    "name", "What the client is called; the session's namespace, where it names none."),
                version: try info.optional("version", "Which version of it this is."))
        }
        processID = try params.optional(
            "processId", as: ProcessID.self, "The client's process: the service exits when it dies.")?.number
        namespace = try params.optional(
            "namespace", "Whose runs these are; without it the client's name, else `default`.")
        if let user = try params.optional("user", as: Parameters.self, "The person that the host speaks for.") {
            self.user = User(
                name: try user.required("name", "Their name."),
                roles: try user.optional("roles", "Roles that they may decide in.") ?? [])
        }
        store = try params.optional(
            "store", "Where runs are kept: a path, or `memory:` for a store that ends with the session.")
        let config = try params.optional("config", as: Parameters.self, "Settings of this session.")
        retentionDays = try config?.optional(
            "retentionDays", "For how many days runs that ended are kept; without it until somebody removes them.")
        try config?.require(
            (0...36_500).contains(retentionDays ?? 0), "retentionDays", "must be a number of days, up to 36500")
        mcpServers = try MCPServerSetting.all(in: config)
        providers = try ProviderSetting.all(in: config)
        recording = try RecordingSetting(in: config)
        secrets = try SecretsSetting(in: config)
        runOptions = try config?.optional(
            "runs", as: RunOptionsObject.self, "Options of the runs that do not say otherwise.")?.json
        agents =
            try config?.optional("agents", "Agents that documents may name, as documents declare their own.") ?? [:]
        let capabilities = try params.optional(
            "capabilities", as: Parameters.self, "What the client does for the service.")
        let steps = try capabilities?.optional("steps", as: Parameters.self, "The steps that it performs.")
        handlers = try steps?.optional("handlers", "The handlers it hosts; `*` hosts whatever is called.") ?? []
        programs =
            try capabilities?.optional(
                "workflows", "The programs it hosts; `*` hosts whatever is called.") ?? []
        maximumConcurrentSteps = try steps?.optional(
            "maxConcurrent", "How many steps it performs at once; without it any number.")
        models =
            try capabilities?.optional(
                "models", "The models it hosts, without their provider; `*` hosts whatever is asked.") ?? []
        allowsCommands = try capabilities?.optional("commands", "Whether workflows may run local commands.") ?? false
        let notifications = try capabilities?.optional(
            "notifications", as: Parameters.self, "What it wants to be told.")
        optOut = try notifications?.optional("optOut", "Methods of notifications that it does not want.") ?? []
    }
}
