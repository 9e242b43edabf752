import JSON
import Testing
import WorkflowModel

@Suite("Kinds of steps")
struct StepKindTests {
    private func step(_ members: JSONValue) throws -> Step {
        let document: JSONValue = [
            "name": "w", "agents": ["coder": ["model": "m", "system": "s"]], "flow": ["START": "a", "a": members],
        ]
        return try #require(try Workflow.parse(document).0.flow["a"])
    }

    @Test(
        "Each kind is read",
        arguments: [
            (["call": "git/clone", "with": ["x": "${input}"]], "call"),
            (
                [
                    "command": ["make", "${input}", 3], "cwd": "x", "env": ["A": "${input}"], "stdin": "in",
                    "okExitCodes": [0, 2],
                ], "command"
            ),
            (["agent": "coder", "prompt": "Fix ${input}"], "agent"),
            (["agent": ["model": "m"], "prompt": "Fix"], "agent"),
            (["approval": ["message": "Go?"]], "approval"),
            (
                [
                    "approval": [
                        "message": "Go?", "show": ["x": 1], "approvers": ["ann", "bob"], "required": 2,
                        "expiresAfterMs": 5, "onExpiry": "expire",
                    ]
                ], "approval"
            ),
            (["approval": ["message": "Go?", "approvers": "${input.approvers}"]], "approval"),
            (
                ["input": ["prompt": "How many?", "schema": ["type": "integer"], "default": 3, "expiresAfterMs": 5]],
                "input"
            ),
            (["wait": ["durationMs": 5]], "wait"), (["wait": ["durationMs": "${input.ms}"]], "wait"),
            (["set": ["n": 1]], "set"), (["fail": ["kind": "k", "message": "m ${input}"]], "fail"),
        ] as [(JSONValue, String)])
    func kinds(members: JSONValue, name: String) throws {
        #expect(try step(members).kind.name == name)
        #expect(StepKind.names.contains(name))
    }

    @Test("Every kind may have what all steps may have")
    func common() throws {
        for kind in [
            ["call": "x"], ["command": ["x"]], ["agent": "coder", "prompt": "x"], ["approval": ["message": "x"]],
            ["input": ["prompt": "x"]], ["wait": ["durationMs": 1]], ["fail": ["kind": "k", "message": "m"]],
        ] as [JSONObject] {
            var members = kind
            for (name, value) in [
                "description": "d", "set": ["n": "${result}"], "output": ["type": "object"], "timeoutMs": 1,
                "heartbeatTimeoutMs": 2,
                "retry": ["attempts": 3, "delayMs": 4, "backoff": "linear", "maxDelayMs": 5], "onError": "END",
                "onInterrupted": "ask", "next": [["when": "result == null", "to": "END"], ["to": "a"]],
            ] as JSONObject { members[name] = value }
            let step = try step(.object(members))
            #expect(step.description == "d")
            #expect(step.set != nil)
            #expect(step.output != nil)
            #expect(step.timeout == .milliseconds(1))
            #expect(step.heartbeatTimeout == .milliseconds(2))
            #expect(step.retry.attempts == 3)
            #expect(step.retry.delay == .milliseconds(4))
            #expect(step.retry.backoff == .linear)
            #expect(step.retry.maximumDelay == .milliseconds(5))
            #expect(step.onError == .end)
            #expect(step.onInterrupted == .ask)
            #expect(step.next.targets == [.end, .step("a")])
        }
    }

    @Test("What a step does not say has its default")
    func defaults() throws {
        let step = try step(["call": "x"])
        #expect(step.retry == RetryPolicy())
        #expect(step.retry.attempts == 1)
        #expect(step.onInterrupted == .retry)
        #expect(step.onError == nil)
        #expect(step.next.targets == [.end])
        guard case .command(let command) = try self.step(["command": ["x"]]).kind else {
            Issue.record("It is no command.")
            return
        }
        #expect(command.okExitCodes == [0])
    }

    @Test(
        "What is wrong with a step",
        arguments: [
            (["call": 3], ["/call document.wrongType"]),
            (["call": "x", "command": ["y"]], [" document.ambiguousStep"]),
            (["call": "x", "cwd": "y"], ["/cwd document.unknownMember"]),
            (["command": "make test"], ["/command document.wrongType"]),
            (["command": []], ["/command document.wrongType"]), (["command": [1]], ["/command document.wrongType"]),
            (["command": ["${input}"]], ["/command/0 command.programNotLiteral"]),
            (["command": ["x", "${1 +}"]], ["/command/1 expression.syntax"]),
            (["command": ["x"], "env": []], ["/env document.wrongType"]),
            (["command": ["x"], "okExitCodes": [0, "1"]], ["/okExitCodes document.wrongType"]),
            (["agent": "coder"], [" document.missingMember"]),
            (["agent": "nobody", "prompt": "x"], ["/agent agent.unknown"]),
            (["agent": 3, "prompt": "x"], ["/agent document.wrongType"]),
            (
                ["agent": ["mdl": "m"], "prompt": "x"],
                ["/agent/mdl document.unknownMember", "/agent document.missingMember"]
            ),
            (["approval": "Go?"], ["/approval document.wrongType"]),
            (["approval": [:]], ["/approval document.missingMember"]),
            (["approval": ["message": "x", "required": 0]], ["/approval/required document.wrongType"]),
            (["approval": ["message": "x", "approvers": []]], ["/approval/approvers document.wrongType"]),
            (["approval": ["message": "x", "approvers": ["a", 1]]], ["/approval/approvers document.wrongType"]),
            (["approval": ["message": "x", "approvers": "ann"]], ["/approval/approvers document.wrongType"]),
            (
                ["approval": ["message": "x", "approvers": ["a"], "required": 2]],
                ["/approval/required approval.outOfReach"]
            ),
            (
                ["approval": ["message": "x", "approvers": ["a"], "onExpiry": "approve"]],
                ["/approval/onExpiry approval.approvesItself"]
            ),
            (["approval": ["message": "x", "onExpiry": "explode"]], ["/approval/onExpiry document.unknownValue"]),
            (["input": [:]], ["/input document.missingMember"]),
            (["input": ["prompt": "x", "schema": ["type": 3]]], ["/input/schema/type schema.invalid"]),
            (["wait": 5], ["/wait document.wrongType"]), (["wait": [:]], ["/wait wait.invalid"]),
            (["wait": ["durationMs": -1]], ["/wait/durationMs document.wrongType"]),
            (["wait": ["durationMs": "soon"]], ["/wait/durationMs document.wrongType"]),
            (["set": 3], ["/set document.wrongType"]),
            (["fail": [:]], ["/fail document.missingMember", "/fail document.missingMember"]),
            (["call": "x", "timeoutMs": -1], ["/timeoutMs document.wrongType"]),
            (["call": "x", "retry": 3], ["/retry document.wrongType"]),
            (["call": "x", "retry": ["attempts": 0]], ["/retry/attempts document.wrongType"]),
            (["call": "x", "retry": ["backoff": "x"]], ["/retry/backoff document.unknownValue"]),
            (["call": "x", "onInterrupted": "x"], ["/onInterrupted document.unknownValue"]),
            (["call": "x", "next": [["when": "result =", "to": "END"]]], ["/next/0/when expression.syntax"]),
            (["call": "x", "next": [["when": "foo == 1", "to": "END"]]], ["/next/0/when expression.unknownName"]),
            (["call": "x", "with": ["x": "${"]], ["/with/x expression.syntax"]),
            (["call": "x", "output": 3], ["/output schema.invalid"]),
        ] as [(JSONValue, [String])])
    func wrong(members: JSONValue, expected: [String]) {
        let document: JSONValue = [
            "name": "w", "agents": ["coder": ["model": "m"]], "flow": ["START": "a", "a": members],
        ]
        #expect(problems(in: document) == expected.map { "/flow/a\($0)" })
    }

    @Test("The recorded input of a step is read back as its work")
    func work() throws {
        let command = try step(["command": ["make"], "okExitCodes": [3]]).kind
        let input: JSONValue = ["command": ["make", "x"], "cwd": "y", "env": ["A": "1"], "stdin": "z"]
        let expected = CommandWork(
            arguments: ["make", "x"], cwd: "y", environment: ["A": "1"], stdin: "z", okExitCodes: [3])
        #expect(Work(command, input: input) == .command(expected))
        #expect(Work(try step(["call": "h"]).kind, input: [1]) == .call(handler: "h", input: [1]))
        let agent = try step(["agent": "coder", "prompt": "p"]).kind
        let said = AgentWork(model: "m", system: "s", prompt: "p")
        #expect(Work(agent, input: ["model": "m", "system": "s", "prompt": "p"]) == .agent(said))
        #expect(Work(agent, input: ["model": "m"]) == nil)
        #expect(Work(try step(["set": [:]]).kind, input: nil) == nil)
    }
}
