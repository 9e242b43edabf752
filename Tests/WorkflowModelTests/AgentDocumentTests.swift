import Expressions
import JSON
import Testing
import WorkflowModel

@Suite("Agents in documents")
struct AgentDocumentTests {
    private func document(_ agent: JSONValue, agents: JSONObject = [:]) -> JSONValue {
        var declared = agents
        declared["coder"] = agent
        return [
            "name": "w", "agents": .object(declared), "flow": ["START": "a", "a": ["agent": "coder", "prompt": "x"]],
        ]
    }

    private func agent(_ members: JSONObject) throws -> Agent {
        var agent: JSONObject = ["model": "m/x"]
        for (name, value) in members { agent[name] = value }
        guard case .agent(let step)? = try Workflow.parse(document(.object(agent))).0.flow["a"]?.kind else {
            throw Failure(kind: "test", message: "It is no agent.")
        }
        return step.agent
    }

    @Test("Everything that an agent says is read")
    func everything() throws {
        let agent = try agent([
            "system": "Be kind.", "maxTurns": 3, "output": ["type": "object"], "verify": "result.text != ''",
            "maxTokens": 100, "temperature": 0.5, "topP": 0.9, "thinkingTokens": 50, "stop": ["END"],
            "tools": [
                [
                    "name": "ask", "description": "Asks.", "input": ["type": "object"], "call": "people/ask",
                    "approval": ["approvers": ["ann"]], "onInterrupted": "ask", "timeoutMs": 5,
                    "retry": ["attempts": 2],
                ],
                ["name": "run", "description": "Runs.", "input": true, "command": ["echo", "${state}"], "cwd": "x"],
                ["tool": "files/read.text"], ["tool": "files/write", "name": "save", "approval": true],
            ],
        ])
        #expect(agent.maxTurns == 3)
        #expect(agent.output?.schema == ["type": "object"])
        guard case .condition(let condition)? = agent.verification else {
            Issue.record("It verifies nothing.")
            return
        }
        #expect(condition.source == "result.text != ''")
        var settings = ModelSettings()
        (settings.maxTokens, settings.temperature, settings.topP) = (100, 0.5, 0.9)
        (settings.thinkingTokens, settings.stop) = (50, ["END"])
        #expect(agent.settings == settings)
        #expect(agent.tools.map(\.name) == ["ask", "run", "read_text", "save"])
        #expect(agent.tools.map(\.step.kind.name) == ["call", "command", "tool", "tool"])
        #expect(agent.tools.map { $0.approval != nil } == [true, false, false, true])
        #expect(agent.tools[0].step.onInterrupted == .ask)
        #expect(agent.tools[0].step.timeout == .milliseconds(5))
        #expect(agent.tools[0].step.retry.attempts == 2)
        #expect(agent.tools[3].approval?.show?.source["tool"] == "save")
        guard case .command(let command) = agent.tools[1].step.kind else { return }
        #expect(command.stdin?.source == "${args}")
    }

    @Test("What an agent does not say has its default")
    func defaults() throws {
        let agent = try agent([:])
        #expect(agent.maxTurns == 20)
        #expect(agent.tools.isEmpty && agent.output == nil && agent.verification == nil)
        #expect(agent.settings == ModelSettings())
    }

    @Test("An agent may be verified by another, in whichever order they are declared")
    func verifiers() throws {
        let verify: JSONValue = ["agent": "zoe", "prompt": "Is it good? ${result.text}"]
        let document = document(["model": "m/x", "verify": verify], agents: ["zoe": ["model": "m/y"]])
        guard case .agent(let step)? = try Workflow.parse(document).0.flow["a"]?.kind,
            case .step(let verifier)? = step.agent.verification
        else {
            Issue.record("It is verified by no step.")
            return
        }
        #expect(verifier.kind.name == "agent")
    }

    @Test(
        "What is wrong with an agent",
        arguments: [
            (["tools": ["x"]], ["/tools/0 document.wrongType"]), (["tools": "x"], ["/tools document.wrongType"]),
            (["tools": [[:]]], ["/tools/0 document.ambiguousTool"]),
            (["tools": [["call": "x", "tool": "s/t"]]], ["/tools/0 document.ambiguousTool"]),
            (
                ["tools": [["call": "x"]]],
                ["/tools/0 document.missingMember"]
            ),
            (
                ["tools": [["name": "n", "call": "x"]]],
                ["/tools/0 document.missingMember", "/tools/0 document.missingMember"]
            ),
            (
                ["tools": [["name": "a b", "description": "d", "input": true, "call": "x"]]],
                ["/tools/0/name document.badName"]
            ),
            (
                ["tools": [["name": "n", "description": "d", "input": ["type": 3], "call": "x"]]],
                ["/tools/0/input/type schema.invalid"]
            ),
            (["tools": [["tool": "s/t"], ["tool": "s/t"]]], ["/tools/1 agent.duplicateTool"]),
            (["tools": [["tool": "files"]]], ["/tools/0/tool document.wrongType"]),
            (["tools": [["tool": "s/t", "approval": "yes"]]], ["/tools/0/approval document.wrongType"]),
            (
                ["tools": [["tool": "s/t", "approval": ["who": "ann"]]]],
                ["/tools/0/approval/who document.unknownMember"]
            ),
            (["tools": [["tool": "s/t", "cwd": "x"]]], ["/tools/0/cwd step.noEffect?"]),
            (["tools": [["tool": "s/t", "onInterrupted": "x"]]], ["/tools/0/onInterrupted document.unknownValue"]),
            (
                ["tools": [["name": "n", "description": "d", "input": true, "command": ["sh", "-c", "${args.x}"]]]],
                ["/tools/0/command/2 command.shellInjection?"]
            ),
            (
                ["tools": [["name": "n", "description": "d", "input": true, "command": ["echo", "${args.x}"]]]],
                ["/tools/0/command/1 command.modelText?"]
            ),
            (["system": "${args}"], ["/system expression.unknownName"]),
            (["maxTurns": 0], ["/maxTurns document.wrongType"]), (["output": 3], ["/output schema.invalid"]),
            (["verify": 3], ["/verify document.wrongType"]), (["verify": "1 +"], ["/verify expression.syntax"]),
            (["verify": "true"], ["/verify flow.constantCondition?"]),
            (["verify": ["call": "x", "next": "END"]], ["/verify/next flow.nextOutsideFlow"]),
            (
                ["verify": ["agent": ["model": "m/x", "verify": ["call": "x"]], "prompt": "x"]],
                ["/verify/agent/verify agent.verifierVerified"]
            ),
            (["verify": ["agent": "coder", "prompt": "x"]], ["/verify agent.verifierVerified"]),
            (["topP": 2], ["/topP document.wrongType"]), (["temperature": "hot"], ["/temperature document.wrongType"]),
            (["stop": "x"], ["/stop document.wrongType"]),
        ] as [(JSONObject, [String])])
    func wrong(members: JSONObject, expected: [String]) {
        var agent: JSONObject = ["model": "m/x"]
        for (name, value) in members { agent[name] = value }
        #expect(problems(in: document(.object(agent))) == expected.map { "/agents/coder\($0)" })
    }

    @Test("A server that is not configured is doubtful, and so is a handler that nobody hosts")
    func servers() {
        let document: JSONValue = [
            "name": "w",
            "flow": [
                "START": "a", "a": ["tool": "filse/read", "with": ["path": "x"], "next": "b"],
                "b": [
                    "agent": [
                        "model": "m/x",
                        "tools": [
                            ["tool": "web/get"], ["name": "n", "description": "d", "input": true, "call": "nobody"],
                        ],
                    ], "prompt": "x",
                ],
            ],
        ]
        #expect(Workflow.problems(in: document) == [])
        let found = Workflow.problems(in: document, hosting: [], servers: ["files"])
        #expect(
            found.map { "\($0.pointer) \($0.kind)" } == [
                "/flow/a/tool tool.serverMissing", "/flow/b/agent/tools/0/tool tool.serverMissing",
                "/flow/b/agent/tools/1/call step.handlerMissing",
            ])
        #expect(found.allSatisfy { $0.severity == .warning })
        #expect(found[0].hint == "Did you mean \"files\"?")
    }
}
