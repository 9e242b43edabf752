import JSON
import Testing

@Suite("Tools of MCP servers")
struct ToolTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
    }

    private func begin(_ arguments: JSONValue..., commands: Bool = true) throws {
        let server: JSONValue = ["command": .array([.string(try Client.executable("mcp-test-server"))] + arguments)]
        try client.initialize(["config": ["mcpServers": ["s": server]]], commands: commands)
    }

    private func tool(_ name: String, _ members: JSONObject = [:]) -> JSONValue {
        var step: JSONObject = ["tool": .string("s/" + name)]
        for (name, value) in members { step[name] = value }
        return workflow("tools", ["a": .object(step)])
    }

    @Test("A step calls a tool, and leaves what it says", arguments: ["2026-07-28", "2024-11-05"])
    func result(revision: String) throws {
        try begin(.string(revision))
        let document = tool("echo", ["with": ["text": "${input}"]])
        try client.call("run/create", started("r", document, ["input": "hello"]))
        #expect(try client.runResult(of: "r")["output"] == ["content": [["type": "text", "text": "hello"]]])
        #expect(try client.steps(of: "r")["a"]?["kind"] == "tool")
    }

    @Test("A tool's progress is the run's, and a server that dies is started again for the next attempt")
    func progressAndDeath() throws {
        try begin()
        try client.call("run/create", started("p", tool("progress")))
        _ = try client.notification("run/progress", of: "p") { $0["current"] == 25 && $0["total"] == 100 }
        try client.call("run/create", started("d", tool("die", ["retry": ["attempts": 2]])))
        for attempt in 1...2 {
            let failed = try client.notification("step/failed", of: "d")
            #expect(failed["attempt"] == JSONValue(attempt))
            #expect(failed["error"]?["kind"] == "tool.serverDied")
        }
        try client.call("run/create", started("e", tool("echo", ["with": ["text": "still here"]])))
        #expect(try client.runResult(of: "e")["status"] == "completed")
    }

    @Test("Where commands are not allowed no server runs, and the step fails in a run that was created here")
    func notAllowed() throws {
        try begin(commands: false)
        try client.call("run/create", started("r", tool("echo")))
        #expect(try client.runResult(of: "r")["error"]?["kind"] == "command.notAllowed")
    }

    @Test("A server that is not configured is doubtful in a document, and fails its step")
    func missing() throws {
        try begin()
        let document = workflow("w", ["a": ["tool": "other/echo"]])
        let problems = try client.call("workflow/validate", ["document": document])["problems"]
        #expect(problems?[0]?["kind"] == "tool.serverMissing")
        #expect(problems?[0]?["pointer"] == "/flow/a/tool")
        try client.call("run/create", started("r", document))
        #expect(try client.runResult(of: "r")["error"]?["kind"] == "tool.serverMissing")
    }

    @Test(
        "What is wrong with the configuration is pointed at",
        arguments: [
            (["s": 3], "/config/mcpServers/s"), (["s": [:]], "/config/mcpServers/s/command"),
            (["s": ["command": []]], "/config/mcpServers/s/command"),
            (["s": ["command": ["x"], "env": ["A": 1]]], "/config/mcpServers/s/env/A"),
            (["a/b": ["command": ["x"]]], "/config/mcpServers/a~1b"),
        ] as [(JSONValue, String)])
    func configuration(servers: JSONValue, pointer: String) throws {
        let error = try client.refusal("initialize", ["config": ["mcpServers": servers]])
        #expect(error["code"] == -32602)
        #expect(error["data"]?["pointer"]?.string == pointer)
    }

    @Test("config/get names the servers, and nothing that they are started with")
    func config() throws {
        try begin("secret-argument")
        let settings = try client.call("config/get")
        #expect(!settings.serialized().contains("secret-argument"))
        let servers = settings["settings"]?.array?.first { $0["name"] == "mcpServers" }
        #expect(servers?["value"] == ["s"])
    }
}
