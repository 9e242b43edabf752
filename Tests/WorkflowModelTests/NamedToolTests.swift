import Expressions
import JSON
import Testing
import WorkflowModel

@Suite("All tools of a server")
struct NamedToolTests {
    private func document(_ tools: JSONValue) -> JSONValue {
        let agent: JSONValue = ["model": "m/x", "tools": tools]
        return ["name": "w", "flow": ["START": "a", "a": ["agent": agent, "prompt": "x"]]]
    }

    private func agent(_ tools: JSONValue) throws -> Agent {
        guard case .agent(let step)? = try Workflow.parse(document(tools)).0.flow["a"]?.kind else {
            throw Failure(kind: "test", message: "It is no agent.")
        }
        return step.agent
    }

    @Test(
        "A name that a model calls leads to one tool",
        arguments: [
            ("read", "files/read"), ("git_log", "git/log"), ("git_", "files/git_"), ("save", "files/write"),
            ("write", nil), ("find", "web/search"), ("search", "files/search"), ("*", nil), ("git_*", nil), ("", nil),
            ("a b", nil), ("START", nil),
        ] as [(String, String?)])
    func names(name: String, tool: String?) throws {
        let agent = try agent([
            ["tool": "files/*"], ["tool": "git/*", "name": "git_*"], ["tool": "files/write", "name": "save"],
            ["tool": "web/search", "name": "find"],
        ])
        let found = agent.tool(name)
        #expect(found?.origin.map { "\($0.server)/\($0.tool)" } == tool)
        #expect(found == nil || found?.name == name)
    }

    @Test("One of them is the step that a document would have that names it alone")
    func step() throws {
        let agent = try agent([
            [
                "tool": "files/*", "approval": true, "timeoutMs": 5, "retry": ["attempts": 2], "onInterrupted": "ask",
                "maxResultBytes": 70,
            ]
        ])
        let tool = try #require(agent.tool("read"))
        #expect(tool.step.source["tool"] == "files/read")
        #expect(tool.approval?.show?.source == ["tool": "${tool}", "input": "${args}"])
        #expect(tool.maxResultBytes == 70)
        let again = try StepDefinition.performing(.object(tool.step.source), key: "read").step
        #expect(again.timeout == .milliseconds(5) && tool.step.timeout == again.timeout)
        #expect(again.retry.attempts == 2 && tool.step.retry.attempts == 2)
        #expect(again.onInterrupted == .ask && tool.step.onInterrupted == .ask)
        #expect(Work(again.kind, input: [:]) == Work(tool.step.kind, input: [:]))
    }

    @Test(
        "What is wrong with them",
        arguments: [
            ([["tool": "s/*"], ["tool": "t/*"]], ["/1 agent.duplicateTool"]),
            ([["tool": "s/*"], ["tool": "t/*", "name": "t_*"]], []),
            ([["tool": "s/*", "name": "s"]], ["/0/name document.badName"]),
            ([["tool": "s/*", "name": "a b*"]], ["/0/name document.badName"]),
            ([["tool": "s/t", "name": "t_*"]], ["/0/name document.badName"]),
            (
                [["tool": "s/*", "description": "d", "input": true]],
                ["/0/description step.noEffect?", "/0/input step.noEffect?"]
            ),
            ([["tool": "s/*", "maxResultBytes": 0]], ["/0/maxResultBytes document.wrongType"]),
        ] as [(JSONValue, [String])])
    func wrong(tools: JSONValue, expected: [String]) {
        #expect(problems(in: document(tools)) == expected.map { "/flow/a/agent/tools\($0)" })
    }

    @Test("A step calls one tool")
    func alone() {
        let found = problems(in: ["name": "w", "flow": ["START": "a", "a": ["tool": "s/*"]]])
        #expect(found == ["/flow/a/tool document.wrongType"])
    }
}
