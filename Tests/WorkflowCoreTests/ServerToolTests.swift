import JSON
import Testing
import WorkflowCore
import WorkflowModel

@Suite("Agents with all tools of a server")
struct ServerToolTests {
    private static let read = ModelAnswer.Call(id: "c1", tool: "fs_read", input: ["path": "a"])

    private func table(_ members: JSONObject = [:]) throws -> Table {
        var tool: JSONObject = ["tool": "files/*", "name": "fs_*"]
        for (name, value) in members { tool[name] = value }
        var table = try Table(AgentTests.flow(["tools": [.object(tool)]]))
        try table.start()
        return table
    }

    @Test("A call is a step that calls the server's tool")
    func call() throws {
        var table = try table()
        #expect(try table.answer(calling: [Self.read]) == ["agent/turned", "tool/called"])
        let step = try #require(table.run.active(at: "coder/tool[fs_read]"))
        guard case .tool(let tool) = step.step.kind else {
            Issue.record("It is no tool.")
            return
        }
        #expect((tool.server, tool.tool) == ("files", "read"))
        #expect(step.input == ["path": "a"])
        #expect(try table.succeed("coder/tool[fs_read]", "text") == ["tool/returned"])
        #expect(
            try table.answer(calling: [ModelAnswer.Call(id: "c2", tool: "read", input: [:])]).last == "tool/returned")
        guard case .failed(let failure)? = table.run.conversations["coder"]?.turns.last?.calls.first?.result else {
            Issue.record("It did not fail.")
            return
        }
        #expect(failure.kind == "tool.unknown")
    }

    @Test("A person is asked before each of them, by its name")
    func approval() throws {
        var table = try table(["approval": true])
        try table.answer(calling: [Self.read])
        let question = try #require(table.run.interactions.first)
        #expect(question.text == "May the model call the tool \"fs_read\"?")
        #expect(question.show == ["tool": "fs_read", "input": ["path": "a"]])
    }

    @Test(
        "The model is given as much of a result as its tool says, and the journal has no more",
        arguments: [true, false])
    func limit(succeeds: Bool) throws {
        var table = try table(["maxResultBytes": 400])
        try table.answer(calling: [Self.read])
        let text = String(repeating: "0123456789", count: 500)
        if succeeds {
            try table.succeed("coder/tool[fs_read]", .string(text))
        } else {
            try table.fail("coder/tool[fs_read]", Failure(kind: "tool.failed", message: text))
        }
        let told: String? =
            switch table.run.conversations["coder"]?.turns.last?.calls.first?.result {
            case .returned(let output): output.string
            case .failed(let failure): failure.message
            case nil: nil
            }
        #expect(told?.contains("[4600 bytes are left out here: a result may have 400.]") == true)
    }
}
