import JSON
import Testing
import WorkflowModel

/// `pointer kind`, and for a warning `pointer kind?`.
func problems(in document: JSONValue) -> [String] {
    Workflow.problems(in: document).map { "\($0.pointer) \($0.kind)\($0.severity == .warning ? "?" : "")" }
}

/// A document with this flow.
func document(_ flow: JSONValue) -> JSONValue {
    ["name": "test", "flow": flow]
}

@Suite("Documents")
struct DocumentTests {
    @Test("A document that says everything is read as it says")
    func everything() throws {
        let (workflow, warnings) = try Workflow.parse([
            "$schema": "x", "name": "team/build-and.deploy_2", "description": "Builds",
            "input": ["type": "object"], "state": ["n": 1], "output": "${state.n}",
            "agents": ["coder": ["model": "scripted/echo", "system": "Be ${input.mood}."]],
            "flow": ["START": "a", "a": ["call": "x", "next": "END"]],
        ])
        #expect(warnings.isEmpty)
        #expect(workflow.name == "team/build-and.deploy_2")
        #expect(workflow.description == "Builds")
        #expect(workflow.state == ["n": 1])
        #expect(workflow.flow.start == .step("a"))
        #expect(workflow.flow["a"]?.next.targets == [.end])
        #expect(workflow.flow["b"] == nil)
    }

    @Test("Members that are null are absent")
    func nulls() throws {
        let (workflow, _) = try Workflow.parse([
            "name": "w", "description": nil, "input": nil, "state": nil, "output": nil, "agents": nil,
            "flow": [
                "START": "a",
                "a": [
                    "call": "x", "with": nil, "set": nil, "output": nil, "timeoutMs": nil, "retry": nil,
                    "onError": nil, "onInterrupted": nil, "next": nil,
                ],
            ],
        ])
        #expect(workflow.flow.steps.map(\.kind.name) == ["call"])
    }

    @Test("A flow may have no step at all")
    func empty() throws {
        #expect(try Workflow.parse(document(["START": "END"])).0.flow.steps.isEmpty)
    }

    @Test("Every problem is told at once, each with its place")
    func allAtOnce() {
        let found = problems(in: [
            "name": "two words", "stat": [:], "state": 3, "input": ["type": "strin"], "output": "${1 +}",
            "agents": ["coder": ["system": "x"]],
            "flow": [
                "START": "bild",
                "build": ["comand": ["make"], "next": "tset"],
                "test": ["call": "x", "timeoutMs": "soon", "next": [["to": "END"], ["whn": "true", "to": "build"]]],
                "a b": ["call": "x", "set": ["n": "${inptu.n}"]],
                "fix": ["agent": "codr", "onError": "nowhere"],
            ],
        ])
        let expected: Set<String> = [
            "/stat document.unknownMember", "/name document.badName", "/input/type schema.invalid",
            "/state document.wrongType", "/output expression.syntax",
            "/agents/coder document.missingMember", "/flow/START flow.unknownTarget",
            "/flow/build document.missingMember", "/flow/build/next flow.unknownTarget",
            "/flow/test/timeoutMs document.wrongType", "/flow/test/next/1/whn document.unknownMember",
            "/flow/test/next/1 flow.unreachable?", "/flow/a b document.badName",
            "/flow/a b/set/n expression.unknownName", "/flow/fix document.missingMember",
            "/flow/fix/agent agent.unknown", "/flow/fix/onError flow.unknownTarget",
        ]
        #expect(Set(found) == expected)
        #expect(found.count == expected.count)
    }

    @Test(
        "What is not a document at all is told as one problem",
        arguments: [nil, 1, "x", [], true] as [JSONValue])
    func notADocument(value: JSONValue) {
        #expect(problems(in: value) == [" document.wrongType"])
    }

    @Test(
        "What a document lacks",
        arguments: [
            ([:], [" document.missingMember", " document.missingMember"]),
            (["name": "w"], [" document.missingMember"]), (["name": "w", "flow": 1], ["/flow document.wrongType"]),
            (["name": "w", "flow": [:]], ["/flow document.missingMember"]),
            (["name": 1, "flow": ["START": "END"]], ["/name document.wrongType"]),
            (["name": "w", "flow": ["START": 1]], ["/flow/START document.wrongType"]),
            (["name": "w", "flow": ["START": "a", "a": 1]], ["/flow/a document.wrongType"]),
            (["name": "w", "flow": ["START": "a", "a": [:]]], ["/flow/a document.missingMember"]),
        ] as [(JSONValue, [String])])
    func missing(document: JSONValue, expected: [String]) {
        #expect(problems(in: document) == expected)
    }

    @Test(
        "A name has 1 to 128 of the characters that are safe everywhere",
        arguments: [
            ("a", true), ("A.b_c-d/9", true), (String(repeating: "a", count: 128), true), ("", false), ("a b", false),
            (String(repeating: "a", count: 129), false), ("é", false), ("a:b", false), ("a\n", false),
        ])
    func names(name: String, isGood: Bool) {
        let document: JSONValue = ["name": .string(name), "flow": ["START": "END"]]
        #expect(problems(in: document) == (isGood ? [] : ["/name document.badName"]))
    }

    @Test(
        "A step's name is a segment of a path",
        arguments: [
            ("a", true), ("A_b-9", true), (String(repeating: "a", count: 64), true), ("", false), ("END", false),
            ("a.b", false), ("a/b", false), ("a#2", false), ("a[0]", false), (String(repeating: "a", count: 65), false),
        ])
    func stepNames(name: String, isGood: Bool) {
        var flow: JSONObject = ["START": .string(name)]
        flow[name] = ["call": "x"]
        #expect(problems(in: document(.object(flow))).contains { $0.hasSuffix("document.badName") } == !isGood)
    }

    @Test(
        "A slip is told with what was probably meant",
        arguments: [
            (["name": "w", "flows": [:], "flow": ["START": "END"]], "Did you mean \"flow\"?"),
            (document(["START": "buildd", "build": ["call": "x"]]), "Did you mean \"build\"?"),
            (document(["START": "end"]), "Did you mean \"END\"?"),
            (document(["START": "a", "a": ["comand": ["x"]]]), "Did you mean \"command\" instead of \"comand\"?"),
            (document(["START": "a", "a": ["call": "x", "timeoutMS": 5]]), "Did you mean \"timeoutMs\"?"),
            (document(["START": "a", "a": ["call": "x", "with": "${imput.x}"]]), "Did you mean \"input\"?"),
            (
                [
                    "name": "w", "agents": ["coder": ["model": "m"]],
                    "flow": ["START": "a", "a": ["agent": "codr", "prompt": "x"]],
                ], "Did you mean \"coder\"?"
            ),
            (document(["START": "a", "a": ["call": "x", "next": "zzzzzz"]]), "Known here: a, END."),
        ] as [(JSONValue, String)])
    func hints(document: JSONValue, hint: String) {
        #expect(Workflow.problems(in: document).compactMap(\.hint).contains(hint))
    }

    @Test("A problem has the shape of the wire")
    func shape() throws {
        let problem = try #require(Workflow.problems(in: document(["START": "ende"])).first)
        #expect(
            problem.json == [
                "pointer": "/flow/START", "severity": "error", "kind": "flow.unknownTarget",
                "message": .string(problem.message), "hint": "Did you mean \"END\"?",
            ])
    }
}

@Suite("The shape of a flow")
struct FlowShapeTests {
    private static let call: JSONValue = ["call": "x"]

    @Test(
        "Unknown targets, unreachable steps and loops without an exit",
        arguments: [
            (["START": "a", "a": ["call": "x", "next": "b"], "b": call], []),
            (["START": "a", "a": call, "b": call], ["/flow/b flow.unreachable?"]),
            (["START": "a", "a": ["call": "x", "next": "a"]], ["/flow/a flow.noExit"]),
            (
                ["START": "a", "a": ["call": "x", "next": "b"], "b": ["call": "x", "next": "a"]],
                ["/flow/a flow.noExit"]
            ),
            // What leads into a circle is not another mistake.
            (
                [
                    "START": "in", "in": ["call": "x", "next": "a"], "a": ["call": "x", "next": "b", "onError": "in"],
                    "b": ["call": "x", "next": "b"],
                ],
                ["/flow/b flow.noExit"]
            ),
            (
                [
                    "START": "a", "a": ["call": "x", "next": "b"], "b": ["call": "x", "next": "a", "onError": "c"],
                    "c": call,
                ], []
            ),
            (
                [
                    "START": "a", "a": ["call": "x", "next": "b", "onError": "b"],
                    "b": ["call": "x", "next": "b", "onError": "a"],
                ],
                ["/flow/a flow.noExit"]
            ),
            // Who does not approve leaves the circle.
            (["START": "a", "a": ["approval": ["message": "x"], "next": "b"], "b": ["call": "x", "next": "a"]], []),
            // One missing way, however many steps are lost by it.
            (
                [
                    "START": "a", "a": call, "b": ["call": "x", "next": "c"], "c": ["call": "x", "next": "d"],
                    "d": call,
                ],
                ["/flow/b flow.unreachable?"]
            ),
            (
                [
                    "START": "a", "a": call, "b": ["call": "x", "next": "c"],
                    "c": ["call": "x", "next": "b", "onError": "END"],
                ],
                ["/flow/b flow.unreachable?"]
            ),
            (
                ["START": "strat", "start": ["call": "x", "next": "end"], "end": call],
                ["/flow/START flow.unknownTarget"]
            ),
            (["START": "a", "a": ["call": "x", "next": "a", "onError": "END"]], []),
            (["START": "a", "a": ["call": "x", "next": "b"], "b": ["fail": ["kind": "k", "message": "m"]]], []),
            (["START": "a", "a": ["call": "x", "next": "a", "onError": "b"], "b": call], []),
            (["START": "a", "a": ["call": "x", "next": [["when": "result == 1", "to": "a"], ["to": "END"]]]], []),
            // What is unreachable may turn for ever.
            (
                ["START": "END", "a": ["call": "x", "next": "a"]],
                ["/flow/a flow.unreachable?"]
            ),
            (["START": "a", "a": ["call": "x", "onError": "gone"]], ["/flow/a/onError flow.unknownTarget"]),
            (
                ["START": "a", "a": ["call": "x", "next": [["to": "gone"]]]],
                ["/flow/a/next/0/to flow.unknownTarget"]
            ),
            (
                ["START": "a", "a": ["call": "x", "next": [["to": "END"], ["when": "result == 1", "to": "END"]]]],
                ["/flow/a/next/1 flow.unreachable?"]
            ),
            (["START": "a", "a": ["call": "x", "next": 3]], ["/flow/a/next document.wrongType"]),
            (
                ["START": "a", "a": ["call": "x", "next": [3]]],
                ["/flow/a/next/0 document.wrongType"]
            ),
            (
                ["START": "a", "a": ["call": "x", "next": [["when": "result == 1"]]]],
                ["/flow/a/next/0 document.missingMember"]
            ),
        ] as [(JSONValue, [String])])
    func shape(flow: JSONValue, expected: [String]) {
        let found = problems(in: document(flow))
        #expect(found == expected)
    }

    @Test("A step that is broken does not hide the unknown targets of the others")
    func brokenStep() {
        let found = problems(in: document(["START": "a", "a": ["next": "gone"], "b": ["call": "x", "next": "lost"]]))
        #expect(
            found == [
                "/flow/a/next flow.unknownTarget", "/flow/b/next flow.unknownTarget", "/flow/a document.missingMember",
            ])
    }
}
