import Glibc
import JSON
import Testing

@testable import Configuration

@Suite("Files of configuration that are not taken")
struct RefusalTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    static let wrong: [(String, String)] = [
        ("{\n  \"store\": ,\n}", ":2:12: The configuration must be JSON."),
        ("[]", ":1:1: The configuration must be an object, not array."),
        (
            "{\n  \"retentiondays\": 1\n}",
            ":2:3: There is no member \"retentiondays\". Did you mean \"retentionDays\"?"
        ),
        (#"{"retentionDays": "long"}"#, #":1:2: "retentionDays" must be an integer from 0 to 36500, not "long"."#),
        (
            #"{"providers": {"mine": {"kind": "opnai"}}}"#,
            #":1:25: "providers.mine.kind" must be one of anthropic, openai, command, scripted, not "opnai"."#
        ),
        (
            #"{"providers": {"mine": {"baseURL": "localhost"}}}"#,
            #":1:25: "providers.mine.baseURL" must be an address that begins with http:// or https://, not "localhost"."#
        ),
        (
            #"{"providers": {"openai": {"apiKeyEnv": "sk-not-a-name"}}}"#,
            #":1:27: "providers.openai.apiKeyEnv" must be the name of an environment variable, never its value."#
        ),
        (
            #"{"secrets": {"names": ["A", "b c"]}}"#,
            #":1:29: "secrets.names.1" must be the name of an environment variable, never its value."#
        ),
        (#"{"mcpServers": {"m": {"comand": ["x"]}}}"#, ":1:23: There is no member \"mcpServers.m.comand\". Did you"),
        (#"{"runs": {"timeout": {"ms": "1"}}}"#, #":1:23: "runs.timeout.ms": "#),
        (#"{"store": ""}"#, #":1:2: "store" must be a path, not ""."#),
    ]

    @Test("What is wrong is told with file, line, column and what was expected", arguments: wrong)
    func tells(text: String, complaint: String) throws {
        try place.write(text, to: Workplace.user)
        let told = try #require(place.complaint())
        #expect(told.hasPrefix("invalid " + Workplace.user + complaint), "\(told)")
    }

    static let forbidden: [(String, String)] = [
        (#"{"store": "runs.db"}"#, "store"), (#"{"retentionDays": 0}"#, "retentionDays"),
        (#"{"secrets": {"names": []}}"#, "secrets"), (#"{"mcpServers": {}}"#, "mcpServers"),
        (#"{"providers": {"openai": {"baseURL": "https://x"}}}"#, "providers.openai.baseURL"),
        (#"{"providers": {"openai": {"apiKeyEnv": "KEY"}}}"#, "providers.openai.apiKeyEnv"),
        (#"{"providers": {"openai": {"headers": {}}}}"#, "providers.openai.headers"),
        (#"{"providers": {"openai": {"prices": {}}}}"#, "providers.openai.prices"),
        (#"{"providers": {"cli": {"command": ["x"]}}}"#, "providers.cli.command"),
        (#"{"providers": {"cli": {"env": {}}}}"#, "providers.cli.env"),
        (#"{"providers": {"cli": {"kind": "command"}}}"#, "providers.cli.kind"),
        (#"{"providers": {"openai": {"kind": "scripted", "path": "x"}}}"#, "providers.openai.kind"),
        (#"{"providers": {"s": {"kind": "scripted", "path": "/etc/passwd"}}}"#, "providers.s.path"),
        (#"{"recording": {"path": "../tape"}}"#, "recording.path"),
        (#"{"recording": {"path": "none/../../tape"}}"#, "recording.path"),
        (#"{"recording": {"path": "out/tape"}}"#, "recording.path"),
        (#"{"recording": {"path": "dangling"}}"#, "recording.path"),
        (#"{"recording": {"path": "~/tape/../../../tape"}}"#, "recording.path"),
        (#"{"runs": {"budget": {"maxSteps": 9}}}"#, "runs.budget"),
        (#"{"runs": {"approvals": {"onExpiry": "approve"}}}"#, "runs.approvals"),
    ]

    @Test("A workspace says nothing of what is the user's to say, and is told so", arguments: forbidden)
    func forbids(text: String, member: String) throws {
        symlink("/tmp", place["repository/out"])
        symlink("/tmp/fermata-nowhere", place["repository/dangling"])
        try place.write(text, to: Workplace.workspace)
        let told = try #require(place.complaint())
        #expect(told.hasPrefix("forbidden \(Workplace.workspace):1:"), "\(told)")
        #expect(told.contains("\"\(member)\""), "\(told)")
        // To the user the same is allowed.
        unlink(place[Workplace.workspace])
        try place.write(text, to: Workplace.user)
        #expect(place.complaint() == nil)
    }

    @Test("A stranger's script does not answer for a provider of the user's")
    func standIn() throws {
        try place.write(#"{"providers": {"mine": {"kind": "openai"}}}"#, to: Workplace.user)
        try place.write(#"{"providers": {"mine": {"kind": "scripted", "path": "x"}}}"#, to: Workplace.workspace)
        #expect(place.complaint()?.contains("the provider \"mine\" is another one already") == true)
        try place.write(#"{"providers": {"theirs": {"kind": "scripted", "path": "x"}}}"#, to: Workplace.workspace)
        #expect(place.complaint() == nil)
    }

    @Test("A file that cannot be read is told, and never waited for")
    func unreadable() throws {
        try place.write("", to: "home/.config/fermata/x")
        mkfifo(place[Workplace.user], 0o600)
        #expect(place.complaint()?.contains("The configuration cannot be read") == true)
        unlink(place[Workplace.user])
        mkdir(place[Workplace.user], 0o700)
        #expect(place.complaint()?.contains("Is a directory") == true)
    }
}
