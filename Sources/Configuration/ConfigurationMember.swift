/// A member that a file of configuration may have: one row of the table that files are checked by.
struct ConfigurationMember: Sendable {
    /// Why a workspace's file may not have a member: the end of a sentence.
    enum Reserve: String, Sendable {
        case executable = "it names something that is executed"
        case address = "it says where requests go, with your key"
        case variable = "it names an environment variable of yours"
        case request = "it is sent with your key"
        case store = "what runs of a store do is done in your name"
        case retention = "it removes runs"
        case limits = "it loosens what you are asked about"
    }

    indirect enum Value: Sendable {
        case text
        case choice([String])
        /// A file or folder; in a workspace's file it lies within the workspace.
        case path
        /// The name of an environment variable.
        case variable
        case url
        case count(ClosedRange<Int>)
        case number
        case texts
        /// A string, or `{"secret": the name of an environment variable}`.
        case secretText
        case variables
        case object([ConfigurationMember])
        /// Members of somebody's choice.
        case map(Value)
        /// The options of a run, which have a parser of their own.
        case runOptions
    }

    var name: String
    var value: Value
    /// Nil where a workspace may say it, too.
    var reserve: Reserve?
    /// Whether its texts may be secrets, so that only the names in it are shown.
    var isCovered = false

    init(_ name: String, _ value: Value, reserve: Reserve? = nil, isCovered: Bool = false) {
        self.name = name
        self.value = value
        self.reserve = reserve
        self.isCovered = isCovered
    }
}

extension ConfigurationMember {
    /// All that a file may have.
    static let all: [ConfigurationMember] = [
        ConfigurationMember("$schema", .text),
        ConfigurationMember("store", .path, reserve: .store),
        ConfigurationMember("retentionDays", .count(0...36_500), reserve: .retention),
        ConfigurationMember("secrets", .object([ConfigurationMember("names", .variables)]), reserve: .variable),
        ConfigurationMember("providers", .map(.object(provider))),
        ConfigurationMember("mcpServers", .map(.object(server)), reserve: .executable),
        ConfigurationMember(
            "recording",
            .object([
                ConfigurationMember("mode", .choice(["record", "replay", "off"])), ConfigurationMember("path", .path),
            ])),
        ConfigurationMember("runs", .runOptions),
    ]

    /// What a workspace may not say of runs.
    static let reservedOptions: [String] = ["approvals", "budget"]

    private static let provider: [ConfigurationMember] = [
        ConfigurationMember("kind", .choice(["anthropic", "openai", "command", "scripted"])),
        ConfigurationMember("baseURL", .url, reserve: .address),
        ConfigurationMember("apiKeyEnv", .variable, reserve: .variable),
        ConfigurationMember("headers", .map(.secretText), reserve: .request, isCovered: true),
        ConfigurationMember("prices", .map(.object(prices)), reserve: .limits),
        ConfigurationMember("command", .texts, reserve: .executable, isCovered: true),
        ConfigurationMember("env", .map(.secretText), reserve: .executable, isCovered: true),
        ConfigurationMember("format", .choice(["text", "jsonLines"]), reserve: .executable),
        ConfigurationMember("path", .path),
    ]

    private static let prices = ["input", "output", "cacheRead", "cacheWrite"].map {
        ConfigurationMember($0, .number)
    }

    private static let server: [ConfigurationMember] = [
        ConfigurationMember("command", .texts, isCovered: true),
        ConfigurationMember("env", .map(.secretText), isCovered: true),
        ConfigurationMember("cwd", .path),
    ]

    /// Whether what stands at a place may hold secrets.
    static func isCovered(_ tokens: some Collection<String>, in members: [ConfigurationMember] = all) -> Bool {
        var value = Value.object(members)
        for token in tokens {
            switch value {
            case .object(let members):
                guard let member = members.first(where: { $0.name == token }) else { return false }
                if member.isCovered { return true }
                value = member.value
            case .map(let inner): value = inner
            default: return false
            }
        }
        return false
    }
}
