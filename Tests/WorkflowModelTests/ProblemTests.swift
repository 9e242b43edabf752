import JSON
import Testing
import WorkflowModel

@Suite("What is wrong is told so that it can be mended")
struct ProblemTests {
    @Test("Ten mistakes, ten problems, in one answer")
    func ten() {
        let found = problems(in: [
            "name": "ten", "stat": [:], "input": ["type": "objct"], "state": ["count": 0],
            "flow": [
                "START": "bild",
                "build": ["comand": ["make"], "next": "test"],
                "test": ["call": "x", "timeoutMs": "soon", "next": "reprot"],
                "report": ["call": "x", "with": "${stat.count}", "next": "wait"],
                "wait": ["wait": ["durationMs": 5], "next": [["when": "result ==", "to": "turn"]]],
                "turn": ["set": ["count": "${steps.test.reslt}"], "next": "turn"],
                "route": ["routing": ["routes": ["a": ["call": "y"]]]],
            ],
        ])
        #expect(
            Set(found) == [
                "/stat document.unknownMember", "/input/type schema.invalid", "/flow/START flow.unknownTarget",
                "/flow/build document.missingMember", "/flow/test/timeoutMs document.wrongType",
                "/flow/test/next flow.unknownTarget", "/flow/report/with expression.unknownName",
                "/flow/wait/next/0/when expression.syntax", "/flow/turn/set/count expression.unknownMember",
                "/flow/turn flow.noExit", "/flow/route flow.unreachable?", "/flow/route/routing document.missingMember",
            ])
        #expect(found.count == 12)
    }

    @Test(
        "Names in expressions",
        arguments: [
            (
                ["call": "x", "with": "Hi ${inptu.n}"],
                "/with expression.unknownName: column 6: Nothing is called \"inptu\" here.", "Did you mean \"input\"?"
            ),
            (
                ["call": "x", "with": "${lower(input)}"],
                "/with expression.unknownFunction: column 3: There is no function \"lower\".", nil
            ),
            (
                ["call": "x", "with": "é\n🛑 ${inptu}"],
                "/with expression.unknownName: line 2, column 5: Nothing is called \"inptu\" here.",
                "Did you mean \"input\"?"
            ),
            (
                ["call": "x", "with": ["a": ["${steps.tset.result}"]]],
                "/with/a/0 expression.unknownStep: column 3: There is no step \"tset\" that could be seen from here.",
                "Did you mean \"test\"?"
            ),
            (
                ["call": "x", "with": "${steps.test.stderr}"],
                "/with expression.unknownMember: column 3: A step has no \"stderr\"; what it left is steps.test.result.",
                "Known here: result, attempt, error."
            ),
            (
                ["call": "x", "with": "${state.cuont + state.cuont}"],
                "/with expression.unknownMember?: column 3: The state never has a member \"cuont\".",
                "Did you mean \"count\"?"
            ),
            (
                ["call": "x", "with": "${input.rpeo}"],
                "/with expression.unknownMember?: column 3: The schema of the input has no \"rpeo\".",
                "Did you mean \"repo\"?"
            ),
            (
                ["call": "x", "with": "${input.repo.nmae}"],
                "/with expression.unknownMember?: column 3: The schema of the input has no \"repo.nmae\".",
                "Did you mean \"name\"?"
            ),
            (["call": "x", "with": "${1 +}"], "/with expression.syntax: column 6: ", nil),
            (
                ["call": "x", "next": [["when": "sate.count > 1", "to": "END"]]],
                "/next/0/when expression.unknownName: column 1: Nothing is called \"sate\" here.",
                "Did you mean \"state\"?"
            ),
        ] as [(JSONValue, String, String?)])
    func names(step: JSONValue, told: String, hint: String?) throws {
        let problems = Workflow.problems(in: surrounded(step))
        #expect(problems.count == 1)
        let problem = try #require(problems.first)
        let mark = problem.severity == .warning ? "?" : ""
        let text = "\(problem.pointer) \(problem.kind)\(mark): \(problem.message)"
        #expect(text.hasPrefix("/flow/a" + told), "\(text)")
        #expect(problem.hint == hint)
    }

    @Test(
        "Names that may be right are not complained about",
        arguments: [
            "${state.later}", "${state.count}", "${has(state.nothing)}", "${has(state.nothing) ? state.nothing : 1}",
            "${'nothing' in state ? state.nothing : 1}", "${state[input.repo.name]}",
            "${steps[input.repo.name].result}",
            "${has(steps.nothing) && steps.nothing.result == 1}", "${steps['test'].result.anything}",
            "${steps.test.error.kind}",
            "${[1, 2].map(steps, steps + 1)}", "${[{'a': 1}].exists(state, state.a == 1)}", "${input.free.anything}",
            "${input.open.anything}", "${has(input.nothing)}", "${steps.a.attempt}", "$${nope.nothing}",
            "${run.labels.x}",
            "${result.anything.at.all}", "${iteration}", "${int('3')}",
        ])
    func rightNames(text: String) {
        #expect(Workflow.problems(in: surrounded(["call": "x", "with": .string(text)])) == [])
    }

    /// A step with something around it to be named.
    private func surrounded(_ step: JSONValue) -> JSONValue {
        [
            "name": "w", "state": ["count": 0],
            "input": [
                "properties": [
                    "repo": ["properties": ["name": ["type": "string"]], "additionalProperties": false],
                    "free": ["type": "object"], "open": ["properties": ["a": true], "additionalProperties": true],
                ]
            ],
            "flow": [
                "START": "test", "test": ["call": "x", "set": ["later": 1], "next": "a"], "a": step,
            ],
        ]
    }

    @Test("A call of a handler that nobody hosts is doubtful")
    func handlers() {
        let calls = document([
            "START": "a", "a": ["call": "git/clone", "next": "b"], "b": ["parallel": ["c": ["call": "git/clnoe"]]],
        ])
        #expect(Workflow.problems(in: calls) == [])
        #expect(
            Workflow.problems(in: calls, hosting: []).map(\.pointer.description) == [
                "/flow/a/call", "/flow/b/parallel/c/call",
            ])
        let problems = Workflow.problems(in: calls, hosting: ["git/clone"])
        #expect(problems.map(\.kind) == ["step.handlerMissing"])
        #expect(problems.map(\.hint) == ["Did you mean \"git/clone\"?"])
        #expect(problems.map(\.severity) == [.warning])
    }

    @Test("The instructions of an agent may name whatever is bound where it is used")
    func instructions() {
        let names = ["steps.b.result", "item", "file.name", "draft", "state.n", "input"]
        let right = names.map { "${\($0)}" }.joined()
        let flow: JSONValue = [
            "START": "a", "a": ["forEach": ["in": [1], "as": "file", "do": ["agent": "right", "prompt": "x"]]],
        ]
        let agents: JSONValue = [
            "right": ["model": "m", "system": .string(right)], "wrong": ["model": "m", "system": "${itme}"],
        ]
        let found = problems(in: ["name": "w", "state": ["n": 1], "agents": agents, "flow": flow])
        #expect(found == ["/agents/wrong/system expression.unknownName"])
    }

    @Test("Steps are seen from within, not from without")
    func scopes() {
        let inner: JSONValue = ["flow": ["START": "own", "own": ["call": "x", "with": "${steps.out.result}"]]]
        let flow: JSONValue = [
            "START": "out", "out": ["call": "x", "next": "many"],
            "many": [
                "parallel": ["one": inner, "two": ["call": "y", "with": "${steps.own.result}"]], "next": "after",
            ],
            "after": [
                "call": "x", "with": "${steps.own.result}", "compensate": ["call": "x", "with": "${steps.out.result}"],
            ],
        ]
        #expect(
            problems(in: ["name": "w", "output": "${steps.own.result}", "flow": flow]) == [
                "/output expression.unknownStep", "/flow/many/parallel/two/with expression.unknownStep",
                "/flow/after/with expression.unknownStep",
            ])
    }

    @Test(
        "Doubts are warnings",
        arguments: [
            (["command": ["sh", "-c", "echo ${input}"]], ["/command/2 command.shellInjection"]),
            (
                ["command": ["/usr/bin/env", "bash", "-e", "-lc", "echo ${input}"]],
                ["/command/4 command.shellInjection"]
            ),
            (["command": ["sh", "-c", "echo \"$1\"", "sh", "${input}"]], []),
            (
                ["command": ["bash", "-euo", "pipefail", "-c", "echo ${input}", "${input}"]],
                ["/command/4 command.shellInjection"]
            ),
            (["command": ["sh", "x.sh", "${input}"]], []), (["command": ["gcc", "-c", "${input}"]], []),
            (["command": ["x", "${steps.model.result.text}"]], ["/command/1 command.modelText"]),
            (["command": ["x", "a ${result.text}"]], ["/command/1 command.modelText"]),
            (["command": ["x", "${steps.model.result.usage.output}"]], []),
            (["command": ["x", "${steps.a.result}"], "stdin": "${result.text}"], []),
            (["call": "x", "next": [["when": "1 == 1", "to": "END"]]], ["/next/0/when flow.constantCondition"]),
            (["call": "x", "next": [["when": "1 + 1", "to": "END"]]], ["/next/0/when flow.constantCondition"]),
            (["call": "x", "next": [["to": "END"], ["when": "result", "to": "END"]]], ["/next/1 flow.unreachable"]),
            (["set": ["x": 1], "retry": ["attempts": 2]], ["/retry step.noEffect"]),
            (["approval": ["message": "x"], "timeoutMs": 5, "retry": ["attempts": 2]], []),
            (["approval": ["message": "x"], "onInterrupted": "ask"], ["/onInterrupted step.noEffect"]),
            (["command": ["x"], "with": 1], ["/with step.noEffect"]),
            (["call": "x", "timeoutMs": 0], ["/timeoutMs step.noTime"]),
            (["fail": ["kind": "k", "message": "m"], "next": "END"], ["/next step.noEffect"]),
            (
                ["parallel": ["b": ["set": ["x": 1]], "c": ["flow": ["START": "d", "d": ["set": ["x": 2]]]]]],
                ["/parallel/c state.shared"]
            ),
        ] as [(JSONValue, [String])])
    func doubts(step: JSONValue, expected: [String]) {
        let found = problems(
            in: document(["START": "model", "model": ["agent": ["model": "m"], "prompt": "x", "next": "a"], "a": step]))
        #expect(found == expected.map { "/flow/a\($0)?" })
    }

    @Test(
        "What cannot work is an error",
        arguments: [
            (
                ["call": "x", "compensate": ["call": "y", "compensate": ["call": "z"]]],
                ["/compensate/compensate compensate.misplaced"]
            ),
            (["forEach": ["in": [1]]], ["/forEach document.missingMember"]),
            (["parallel": [:]], ["/parallel document.wrongType"]),
            (["forEach": ["in": [1], "as": "input", "do": ["call": "x"]]], ["/forEach/as document.badName"]),
            (["forEach": ["in": [1], "as": "a b", "do": ["call": "x"]]], ["/forEach/as document.badName"]),
            (["call": "x", "next": []], ["/next document.wrongType"]),
            (
                ["input": ["prompt": "x", "schema": ["type": "string"], "default": 3]],
                ["/input/default input.badDefault"]
            ),
            (["parallel": ["b": ["call": "x", "next": "END"]]], ["/parallel/b/next flow.nextOutsideFlow"]),
            (["parallel": ["b": ["call": "x", "onError": "a"]]], ["/parallel/b/onError flow.unknownTarget"]),
            (["parallel": ["b": ["flow": ["START": "END"]]]], ["/parallel/b/flow flow.empty"]),
            (["routing": [:]], ["/routing document.missingMember", "/routing document.missingMember"]),
            (
                ["evaluatorOptimizer": ["generate": 1, "optimize": ["call": "x"]]],
                ["/evaluatorOptimizer document.missingMember", "/evaluatorOptimizer/generate document.wrongType"]
            ),
            (
                ["orchestratorWorkers": ["plan": ["call": "x"], "workers": [:], "synthesize": ["call": "x"]]],
                ["/orchestratorWorkers/workers document.wrongType"]
            ),
            (
                ["parallelization": ["split": 3, "each": ["call": "x"], "merge": ["call": "x"]]],
                ["/parallelization/split document.wrongType"]
            ),
        ] as [(JSONValue, [String])])
    func errors(step: JSONValue, expected: [String]) {
        #expect(problems(in: document(["START": "a", "a": step])) == expected.map { "/flow/a\($0)" })
    }

    @Test("A broken part hides nothing about its neighbours")
    func neighbours() {
        let wrong: JSONValue = ["call": 1]
        let found = problems(in: [
            "name": 3, "agents": 4, "state": 5, "input": ["type": 6], "output": "${x}", "cleanup": ["a": wrong],
            "flow": [
                "a": ["comand": ["x"], "timeoutMs": "b", "set": ["c": "${x}"], "next": 7],
                "b": ["call": "x", "command": "y", "cwd": "${x}", "with": "${x}"],
                "c": ["command": "x", "env": 1, "okExitCodes": 1, "cwd": "${x}"],
                "d": ["approval": ["show": "${x}", "required": "x"]], "e": ["input": ["schema": 1, "default": "${x}"]],
                "f": ["parallel": ["g": wrong, "h": wrong], "failureStrategy": 1],
                "i": ["forEach": ["do": wrong, "maxConcurrency": 0, "failureStrategy": 1]],
                "j": ["routing": ["classify": wrong, "routes": 1]], "k": ["routing": ["routes": ["l": wrong]]],
                "m": [
                    "orchestratorWorkers": [
                        "plan": wrong, "workers": ["n": wrong], "synthesize": wrong, "maxConcurrency": 0,
                    ]
                ],
                "o": ["agent": "nobody"],
                "p": ["call": "x", "compensate": wrong, "retry": ["attempts": 0, "backoff": 1]],
            ],
            "parallelization": ["split": wrong, "each": wrong, "merge": wrong],
        ])
        let expected: [String] = [
            " document.ambiguousFlow", "/name document.wrongType", "/agents document.wrongType",
            "/state document.wrongType",
            "/input/type schema.invalid", "/output expression.unknownName", "/cleanup document.missingMember",
            "/cleanup/a/call document.wrongType", "/flow document.missingMember", "/flow/a document.missingMember",
            "/flow/a/timeoutMs document.wrongType", "/flow/a/set/c expression.unknownName",
            "/flow/a/next document.wrongType",
            "/flow/b document.ambiguousStep", "/flow/b/command document.wrongType",
            "/flow/b/cwd expression.unknownName",
            "/flow/b/with expression.unknownName", "/flow/c/command document.wrongType",
            "/flow/c/env document.wrongType",
            "/flow/c/okExitCodes document.wrongType", "/flow/c/cwd expression.unknownName",
            "/flow/d/approval document.missingMember",
            "/flow/d/approval/show expression.unknownName", "/flow/d/approval/required document.wrongType",
            "/flow/e/input document.missingMember", "/flow/e/input/schema schema.invalid",
            "/flow/e/input/default expression.unknownName", "/flow/f/parallel/g/call document.wrongType",
            "/flow/f/parallel/h/call document.wrongType", "/flow/f/failureStrategy document.wrongType",
            "/flow/i/forEach document.missingMember", "/flow/i/forEach/do/call document.wrongType",
            "/flow/i/forEach/maxConcurrency document.wrongType", "/flow/i/forEach/failureStrategy document.wrongType",
            "/flow/j/routing/classify/call document.wrongType", "/flow/j/routing/routes document.wrongType",
            "/flow/k/routing document.missingMember", "/flow/k/routing/routes/l/call document.wrongType",
            "/flow/m/orchestratorWorkers/plan/call document.wrongType",
            "/flow/m/orchestratorWorkers/workers/n/call document.wrongType",
            "/flow/m/orchestratorWorkers/synthesize/call document.wrongType",
            "/flow/m/orchestratorWorkers/maxConcurrency document.wrongType", "/flow/o document.missingMember",
            "/flow/p/compensate/call document.wrongType", "/flow/p/retry/attempts document.wrongType",
            "/flow/p/retry/backoff document.wrongType", "/parallelization/split/call document.wrongType",
            "/parallelization/each/call document.wrongType", "/parallelization/merge/call document.wrongType",
        ]
        #expect(found.sorted() == expected.sorted())
    }
}
