import JSON
import Testing

@Suite("Agents with all tools of a server, and agents of the host")
struct ServerToolsTests {
    private let client: Client

    init() throws { client = try Client(in: Folder()) }

    private func begin(_ agents: JSONObject = [:]) throws {
        let server: JSONValue = ["command": [.string(try Client.executable("mcp-test-server"))]]
        try client.initialize(
            [
                "capabilities": ["models": ["m"], "commands": true, "workflows": ["*"]],
                "config": ["mcpServers": ["s": server], "agents": .object(agents)],
            ], commands: true)
    }

    @Test("The model is offered what the server has but what the document names itself, and calls it")
    func offered() throws {
        try begin()
        let tools: JSONValue = [["tool": "s/fail", "name": "risk"], ["tool": "s/*", "name": "s_*"]]
        let document = workflow("w", ["a": ["agent": ["model": "client/m", "tools": tools], "prompt": "x"]])
        try client.call("run/create", started("r", document))
        let first = try client.generation()
        #expect(first.params["tools"]?.array?.map { $0["name"] } == ["risk", "s_echo", "s_progress"])
        #expect(first.params["tools"]?[1]?["description"] == "The tool echo.")
        try first.answer([
            "toolCalls": [["tool": "s_echo", "input": ["text": "hello"]], ["tool": "s_fail"], ["tool": "risk"]]
        ])
        let second = try client.generation()
        let heard = second.params["messages"]?.array?.suffix(3).map { $0["output"] ?? $0["error"]?["kind"] }
        #expect(heard == [["content": [["type": "text", "text": "hello"]]], "tool.unknown", "tool.failed"])
        try second.answer(["text": "Done."])
        #expect(try client.runResult(of: "r")["status"] == "completed")
        #expect(try client.steps(of: "r")["a/tool[s_echo]"]?["kind"] == "tool")
        try client.checkTold(of: "r")
    }

    @Test("scripted/tools calls what asks for no arguments, and says what it gave")
    func tour() throws {
        try begin()
        let tools: JSONValue = [
            ["tool": "s/*"], ["name": "words", "description": "d", "input": true, "command": ["echo", "one two"]],
            ["name": "needs", "description": "d", "input": ["required": ["x"]], "command": ["echo", "${args.x}"]],
        ]
        let document = workflow(
            "w", ["a": ["agent": ["model": "scripted/tools", "tools": tools], "prompt": "x"]],
            ["output": "${steps.a.result.text}"])
        try client.call("run/create", started("r", document))
        let text =
            "## echo\n\n\n\n## fail\n\ntool.failed: It went wrong.\n\n## progress\n\ndone\n\n## words\n\none two\n"
        #expect(try client.runResult(of: "r")["output"]?.string == text)
        #expect(Deltas(of: "r", in: client).text(of: "a") == text)
    }

    @Test("A document names an agent of the host, and its run stays with that one")
    func named() throws {
        let agents: JSONObject = ["echo": ["model": "scripted/echo", "system": "Say it."]]
        try begin(agents)
        let document = workflow("w", ["a": ["agent": "echo", "prompt": "hi"]], ["output": "${steps.a.result.text}"])
        #expect(try client.call("workflow/validate", ["document": document]) == ["valid": true, "problems": []])
        try client.call("workflow/register", ["document": document])
        #expect(try client.call("workflow/get", ["name": "w"])["document"]?["agents"] == .object(agents))
        try client.call("run/create", started("r", "w"))
        #expect(try client.runResult(of: "r")["output"] == "hi")
        #expect(
            try client.kind("run/create", started("s", workflow("v", ["a": ["agent": "ecco", "prompt": "x"]])))
                == "workflow.invalid")
        let told = try client.call("config/get")["settings"]?.array?.first { $0["name"] == "agents" }
        #expect(told == ["name": "agents", "value": ["echo"], "layer": "initialize"])
    }

    @Test("So does a step of a program")
    func program() throws {
        try begin(["echo": ["model": "scripted/echo"]])
        try client.call("run/create", started("r", "p"))
        let program = try client.program()
        let result = try program.perform("a", ["agent": "echo", "prompt": "hi"])
        #expect(result["text"] == "hi")
        try program.end(true)
        #expect(try client.runResult(of: "r")["status"] == "completed")
    }

    @Test("What is wrong with an agent of the host is pointed at")
    func wrong() throws {
        let error = try client.refusal("initialize", ["config": ["agents": ["a": ["model": 7]]]])
        #expect(error["code"] == -32602)
        #expect(error["data"]?["pointer"] == "/config/agents/a/model")
    }
}
