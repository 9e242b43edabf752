import JSON
import Testing

@testable import Configuration

@Suite("Layers of configuration")
struct LayerTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    @Test("Without files there is nothing, and it is known where they would be")
    func none() throws {
        let merged = try place.load()
        #expect(merged.members.isEmpty)
        #expect(merged.files.isEmpty)
        #expect(place.files().user == place[Workplace.user])
        #expect(place.files().workspace == place[Workplace.workspace])
    }

    @Test("They are merged member by member, and each value tells its layer")
    func merged() throws {
        try place.write(
            #"""
            {"retentionDays": 30, "runs": {"timeout": {"ms": 5, "action": "cancel"}},
             "providers": {"mine": {"kind": "scripted", "path": "a.json"}, "openai": {"apiKeyEnv": "KEY"}}}
            """#, to: Workplace.user)
        try place.write(
            #"{"runs": {"timeout": {"ms": 7}}, "providers": {"mine": {"path": "b.json"}}}"#, to: Workplace.workspace)
        var merged = try place.load()
        merged.add(
            ["retentionDays": 3, "recording": nil, "providers": ["mine": ["kind": "openai"]]],
            from: ConfigurationOrigin(.initialize))
        #expect(
            JSONValue.object(merged.members) == [
                "retentionDays": 3, "runs": ["timeout": ["ms": 7, "action": "cancel"]],
                // A provider of another kind is another one.
                "providers": ["mine": ["kind": "openai"], "openai": ["apiKeyEnv": "KEY"]],
            ])
        let told = merged.fields.map { "\($0.pointer) \($0.value.serialized()) \($0.origin.layer)" }.sorted()
        #expect(
            told == [
                #"/providers/mine/kind "openai" initialize"#, #"/providers/openai/apiKeyEnv "KEY" user"#,
                "/retentionDays 3 initialize", #"/runs/timeout/action "cancel" user"#, "/runs/timeout/ms 7 workspace",
            ])
        #expect(merged.origin(of: "providers")?.layer == .initialize)
        #expect(merged.origin(of: "runs") == ConfigurationOrigin(.workspace, file: place[Workplace.workspace]))
    }

    @Test("Paths start from where their file is: the user's from its folder or the home, a workspace's from its root")
    func paths() throws {
        try place.write(
            #"{"store": "~/runs.db", "recording": {"mode": "record", "path": "tape"}}"#, to: Workplace.user)
        #expect(try place.load().members["store"]?.string == place["home/runs.db"])
        #expect(try place.load().members["recording"]?["path"]?.string == place["home/.config/fermata/tape"])
        try place.write(#"{"recording": {"path": "tapes/tape"}}"#, to: Workplace.workspace)
        #expect(try place.load().members["recording"]?["path"]?.string == place["repository/tapes/tape"])
    }

    @Test("A workspace's file is looked for up to the root of its repository, and no further")
    func search() throws {
        place.makeFolder("repository/deep")
        place.makeFolder("repository/deep/er")
        try place.write(#"{"recording": {"mode": "off"}}"#, to: Workplace.workspace)
        #expect(place.files(in: "repository/deep/er").workspace == place[Workplace.workspace])
        try place.write("{}", to: "repository/deep/.fermata/config.json")
        #expect(place.files(in: "repository/deep/er").workspace == place["repository/deep/.fermata/config.json"])
        // What lies above a repository, or above a folder that is in none, is not the workspace's.
        try place.write("{}", to: "work/.fermata/config.json")
        try place.write("", to: "work/repository/.git")
        place.makeFolder("work/loose")
        #expect(place.files(in: "work/repository").workspace == place["work/repository/.fermata/config.json"])
        #expect(place.files(in: "work/loose").workspace == place["work/loose/.fermata/config.json"])
        #expect(try place.load(in: "work/loose").files.isEmpty)
    }

    @Test("What may hold a secret is not among what is shown")
    func covered() throws {
        try place.write(
            #"""
            {"providers": {"a": {"kind": "openai", "headers": {"x-key": "hidden"}},
                           "b": {"kind": "command", "command": ["cli", "--key", "hidden"], "env": {"KEY": "hidden"}}},
             "mcpServers": {"m": {"command": ["server"], "env": {"TOKEN": "hidden"}}}}
            """#, to: Workplace.user)
        let fields = try place.load().fields
        #expect(fields.count == 7)
        #expect(!fields.contains { "\($0.value)".contains("hidden") })
        let command = fields.first { $0.pointer.tokens == ["providers", "b", "command"] }
        #expect(command?.value == ["cli", "•••"])
    }
}
