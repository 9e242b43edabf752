import Glibc
import JSON
import Testing

@Suite("Settings come from files, flags and the client")
struct ConfigurationTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
        for name in [".config", ".config/fermata", ".fermata", "work", "work/.fermata", "elsewhere"] {
            mkdir(folder[name], 0o700)
        }
    }

    private static let user = ".config/fermata/config.json"

    /// Works in the folder `work`, where a workspace's file may lie.
    private func client(_ arguments: [String] = []) throws -> Client {
        try Client(in: folder, arguments: arguments, after: "cd work")
    }

    @Test("They are merged member by member, and config/get tells where each came from")
    func merged() throws {
        let user: JSONValue = [
            "store": "~/mine/runs.db", "retentionDays": 30,
            "providers": ["demo": ["kind": "scripted", "path": "script.json"], "openai": ["apiKeyEnv": "MY_KEY"]],
        ]
        try folder.write(user.serialized(), to: Self.user)
        try folder.write(
            #"{"recording": {"mode": "record", "path": "tapes.jsonl"}, "runs": {"timeout": {"ms": 60000}}}"#,
            to: "work/.fermata/config.json")
        let client = try client(["--retention", "7"])
        try client.initialize([
            "config": ["recording": ["mode": "off"], "providers": ["openai": ["baseURL": "http://localhost:1/v1"]]]
        ])
        let config = try client.call("config/get")
        var settings: [String: JSONValue] = [:]
        for setting in config["settings"]?.array ?? [] { settings[setting["name"]?.string ?? ""] = setting }
        let real = try #require(realpath(folder.path, nil).map { String(cString: $0) })
        #expect(settings["store"]?["value"]?.string == folder["mine/runs.db"])
        #expect(settings["store"]?["layer"] == "user")
        #expect(settings["store"]?["file"]?.string == folder[Self.user])
        #expect(settings["retentionDays"] == ["name": "retentionDays", "value": 7, "layer": "flag"])
        #expect(settings["providers"]?["layer"] == "initialize")
        #expect(settings["recording"]?["value"] == .some(.null))
        #expect(settings["runs"]?["layer"] == "workspace")
        let fields = (config["fields"]?.array ?? []).map {
            "\($0["name"]?.string ?? "") \($0["value"]?.serialized() ?? "") \($0["layer"]?.string ?? "")"
        }
        #expect(fields.contains(#"providers.openai.apiKeyEnv "MY_KEY" user"#), "\(fields)")
        #expect(fields.contains(#"providers.openai.baseURL "http://localhost:1/v1" initialize"#))
        #expect(fields.contains(#"recording.mode "off" initialize"#))
        #expect(fields.contains("recording.path \"\(real)/work/tapes.jsonl\" workspace"), "\(fields)")
        #expect(fields.contains("runs.timeout.ms 60000 workspace"))
        #expect(config["files"]?.array?.map { $0["isThere"] } == [true, true])
    }

    @Test("A run goes by the configuration where it does not say otherwise, member by member")
    func options() throws {
        try folder.write(#"{"runs": {"retry": {"attempts": 3, "delayMs": 1}}}"#, to: Self.user)
        let client = try client()
        try client.initialize(handlers: ["work"])
        for (run, options, attempts) in [
            ("r1", [:], 3), ("r2", ["retry": ["attempts": 2]], 2), ("r3", ["retry": ["attempts": 1]], 1),
        ] as [(String, JSONValue, Int)] {
            try client.call("run/create", started(run, Documents.call, ["input": ["n": 1], "options": options]))
            for _ in 1...attempts { try client.execution().fail(code: 1, "no") }
            #expect(try client.runResult(of: run)["status"] == "failed")
        }
    }

    @Test("A file that is wrong, and one that says too much, are told with file and place, and nothing begins")
    func refused() throws {
        try folder.write("{\n  \"storre\": \"x\"\n}", to: Self.user)
        let error = try client().refusal("initialize", [:])
        #expect(error["data"]?["kind"] == "config.invalid")
        #expect(error["data"]?["line"] == 2)
        #expect(error["data"]?["pointer"] == "/storre")
        #expect(error["data"]?["file"]?.string == folder[Self.user])
        #expect(
            error["message"]?.string?.hasSuffix(
                "config.json:2:3: There is no member \"storre\". Did you mean \"store\"?") == true)
        unlink(folder[Self.user])
        try folder.write(#"{"mcpServers": {"m": {"command": ["touch", "made"]}}}"#, to: "work/.fermata/config.json")
        let second = try client().refusal("initialize", [:])
        #expect(second["data"]?["kind"] == "config.forbidden")
        #expect(second["message"]?.string?.contains("\"mcpServers\" may not stand in the file of a workspace") == true)
    }

    @Test("What is wrong only together with the other layers is told of the file that says it")
    func together() throws {
        try folder.write(#"{"providers": {"mine": {"apiKeyEnv": "KEY"}}}"#, to: Self.user)
        let error = try client().refusal("initialize", [:])
        #expect(error["data"]?["kind"] == "config.invalid")
        #expect(error["data"]?["pointer"] == "/providers/mine/kind")
        let client = try client()
        try client.initialize(["config": ["providers": ["mine": ["kind": "openai"]]]])
    }

    @Test("fermata config tells each setting with its layer, for people and for scripts")
    func command() throws {
        try folder.write(#"{"retentionDays": 30}"#, to: Self.user)
        let told = try CommandLineRun(["config"], in: folder)
        #expect(told.exitCode == 0)
        #expect(told.output.contains("retentionDays  30"), "\(told)")
        #expect(told.output.contains(folder[Self.user]))
        let json = try JSONValue(parsing: Array(CommandLineRun(["config", "--json"], in: folder).output.utf8))
        #expect(json["fields"]?[0]?["layer"] == "user")
        #expect(json["settings"]?.array?.contains { $0["name"] == "store" && $0["layer"] == "flag" } == true)
        try folder.write("{", to: Self.user)
        let wrong = try CommandLineRun(["config"], in: folder)
        #expect(wrong.exitCode == 2)
        #expect(wrong.complaints.contains(folder[Self.user] + ":1:2: "), "\(wrong)")
    }

    @Test("fermata doctor tells which providers would work and why not, and what is wrong with the settings")
    func doctor() throws {
        try folder.write("{}", to: "script.json")
        let user: JSONValue = [
            "providers": [
                "good": ["kind": "scripted", "path": "~/script.json"], "gone": ["kind": "scripted", "path": "~/none"],
                "keyless": ["kind": "openai", "apiKeyEnv": "NO_SUCH_KEY"],
                "local": ["kind": "openai", "baseURL": "http://localhost:1/v1"],
                "cli": ["kind": "command", "command": ["no-such-program"]],
                "sh": ["kind": "command", "command": ["sh"]],
            ],
            "secrets": ["names": ["SHORT"]],
        ]
        try folder.write(user.serialized(), to: Self.user)
        let client = try Client(in: folder)
        try client.initialize()
        client.closeInput()
        try client.waitForExit()
        let report = try CommandLineRun(["doctor", "--json"], in: folder, after: "SHORT=abc; export SHORT")
        let section = try JSONValue(parsing: Array(report.output.utf8))["sections"]?[1]
        #expect(section?["name"] == "Settings")
        let told = (section?["findings"]?.array ?? []).map {
            "\($0["severity"]?.string ?? "") \($0["kind"]?.string ?? "") \($0["message"]?.string ?? "")"
        }
        for wanted in [
            "note provider.ready The provider \"good\" would work.", "warning provider.obstructed The script",
            "warning provider.obstructed The provider \"keyless\" needs its key in the environment variable NO_SUCH_KEY.",
            "warning provider.obstructed The provider \"cli\" is the command no-such-program, which is not found.",
            "note provider.ready The provider \"sh\" would work.",
            "note provider.obstructed The provider \"anthropic\" needs its key in the environment variable ANTHROPIC_API_KEY.",
            "warning secret.short The value of SHORT",
        ] {
            #expect(told.contains { $0.hasPrefix(wanted) }, "\(wanted): \(told)")
        }
        #expect(report.exitCode == 1)
        try folder.write(#"{"store": 7}"#, to: Self.user)
        let wrong = try CommandLineRun(["doctor"], in: folder)
        #expect(wrong.output.contains("\"store\" must be a path"))
    }
}
