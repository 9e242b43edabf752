import JSON
import Testing

@Suite("Providers of models, as the host configures them")
struct ProviderTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    static let wrong: [(JSONObject, String)] = [
        (["providers": 7], "/config/providers"), (["providers": ["a/b": [:]]], "/config/providers/a~1b"),
        (["providers": ["mine": [:]]], "/config/providers/mine/kind"),
        (["providers": ["mine": ["kind": "other"]]], "/config/providers/mine/kind"),
        (["providers": ["client": ["kind": "openai"]]], "/config/providers/client"),
        (["providers": ["openai": ["baseUrl": "https://x"]]], "/config/providers/openai/baseUrl"),
        (["providers": ["openai": ["baseURL": "file:///x"]]], "/config/providers/openai/baseURL"),
        (["providers": ["openai": ["headers": ["a": 1]]]], "/config/providers/openai/headers/a"),
        (["providers": ["openai": ["headers": ["a": "b\r\nc: d"]]]], "/config/providers/openai/headers"),
        (["providers": ["openai": ["prices": ["m": ["input": 1]]]]], "/config/providers/openai/prices/m/output"),
        (["providers": ["openai": ["command": ["x"]]]], "/config/providers/openai/command"),
        (["providers": ["command": [:]]], "/config/providers/command/command"),
        (["providers": ["cli": ["kind": "command", "command": []]]], "/config/providers/cli/command"),
        (
            ["providers": ["cli": ["kind": "command", "command": ["x"], "format": "xml"]]],
            "/config/providers/cli/format"
        ),
        (["providers": ["scripted": [:]]], "/config/providers/scripted/path"),
        (["recording": ["mode": "rec", "path": "x"]], "/config/recording/mode"),
        (["recording": ["path": "x"]], "/config/recording/mode"),
        (["recording": ["mode": "record"]], "/config/recording/path"),
    ]

    @Test("What is wrong with a configuration is pointed at", arguments: wrong)
    func refusals(config: JSONObject, pointer: String) throws {
        let error = try Client(in: folder).refusal("initialize", ["config": .object(config)])
        #expect(error["code"] == -32602)
        #expect(error["data"]?["pointer"]?.string == pointer)
    }

    private func run(
        _ model: String, _ config: JSONObject, commands: Bool = false, _ step: JSONObject = [:]
    ) throws -> (client: Client, result: JSONValue) {
        let client = try Client(in: folder)
        try client.initialize(["config": .object(config)], handlers: ["read"], commands: commands)
        var parts: JSONObject = ["agent": ["model": .string(model)], "prompt": "Say ${input}"]
        for (name, value) in step { parts[name] = value }
        let document = workflow("says", ["say": .object(parts)], ["output": "${steps.say.result.text}"])
        try client.call("run/create", started("r", document, ["input": "hello"]))
        return (client, try client.runResult(of: "r"))
    }

    @Test("scripted/echo is always there, and says the prompt back word by word")
    func echo() throws {
        let (client, result) = try run("scripted/echo", [:])
        #expect(result["output"] == "Say hello")
        #expect(Deltas(of: "r", in: client).text(of: "say") == "Say hello")
    }

    @Test("A script calls tools, in its time")
    func script() throws {
        let script: JSONValue = [
            "coder": [
                [
                    "turns": [
                        [
                            "chunks": ["I ", "look. "], "chunkMs": 5,
                            "toolCalls": [["tool": "read", "input": ["n": 1]]],
                        ],
                        ["text": "Done.", "delayMs": 20],
                    ]
                ]
            ]
        ]
        try folder.write(script.serialized(), to: "script.json")
        let client = try Client(in: folder)
        client.perform = { ["read": $0["input"] ?? nil] }
        let config: JSONObject = ["providers": ["demo": ["kind": "scripted", "path": .string(folder["script.json"])]]]
        try client.initialize(["config": .object(config)], handlers: ["read"])
        let agent: JSONValue = [
            "model": "demo/coder", "tools": [["name": "read", "description": "Reads.", "input": true, "call": "read"]],
        ]
        try client.call("run/create", started("r", workflow("w", ["a": ["agent": agent, "prompt": "Go."]])))
        #expect(try client.runResult(of: "r")["status"] == "completed")
        #expect(try client.steps(of: "r")["a/tool[read]"]?["output"] == ["read": ["n": 1]])
        #expect(Deltas(of: "r", in: client).text(of: "a") == "I look. Done.")
    }

    private static let cat: JSONObject = ["providers": ["cli": ["kind": "command", "command": ["cat"]]]]

    @Test("A command answers where this host allows commands, in the directory of the run")
    func command() throws {
        #expect(try run("cli/any", Self.cat, commands: true).result["output"] == "Say hello")
    }

    @Test("A command is not started where the host allows none")
    func refused() throws {
        #expect(try run("cli/any", Self.cat).result["error"]?["kind"] == "command.notAllowed")
    }

    @Test("config/get names the providers and the recording, and shows nothing of what they hold")
    func shown() throws {
        let client = try Client(in: folder)
        let headers: JSONValue = ["authorization": "Bearer sk-hidden"]
        try client.initialize([
            "config": [
                "providers": ["mine": ["kind": "openai", "baseURL": "http://localhost:1/v1", "headers": headers]],
                "recording": ["mode": "record", "path": .string(folder["tape"])],
            ]
        ])
        let settings = try client.call("config/get")["settings"]?.array ?? []
        #expect(settings.contains(["name": "providers", "value": ["mine"], "layer": "initialize"]))
        let recording: JSONValue = ["mode": "record", "path": .string(folder["tape"])]
        #expect(settings.contains(["name": "recording", "value": recording, "layer": "initialize"]))
        #expect(!"\(settings)".contains("hidden"))
    }
}
