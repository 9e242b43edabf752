import FermataKit
import JSON
import Testing

@Suite("Flows as values")
struct FlowTests {
    private func check(
        _ text: String, _ location: SourceLocation = #_sourceLocation, @FlowBuilder _ steps: () -> [Step]
    ) throws {
        let flow = try Flow("f", steps: steps)
        let expected = try JSONValue(parsing: text)
        #expect(flow.document.value["flow"]?.serialized() == expected.serialized(), sourceLocation: location)
    }

    @Test("The flow of the protocol's page, in Swift")
    func wholeDocument() throws {
        let flow = try Flow(
            "build-and-deploy", description: "Build, test, deploy",
            input: ["type": "object", "required": ["repo"], "properties": ["repo": ["type": "string"]]],
            state: ["artifact": nil], output: "${state.artifact}", agents: ["coder": ["model": "scripted/echo"]]
        ) {
            Step.call("clone", "git/clone", with: ["repo": "${input.repo}"]).set(["dir": "${result.path}"])
            Step.parallel("build") {
                Step.command("linux", "make", "linux")
                Step.call("mac", "mac/build")
            }
            Step.command("test", "make", "test").timeout(.seconds(600)).onError("fix").next("release")
                .retry(
                    Retry(attempts: 3, delay: .seconds(1), backoff: .exponential, maximumDelay: .seconds(30)))
            Step.agent("fix", "coder", prompt: "The tests fail:\n${steps.test.result.stderr}").next("build")
            Step.approval(
                "release", "Deploy ${state.artifact}?",
                policy: ApprovalPolicy(approvers: ["ops-lead"], expiresAfter: .seconds(3600))
            )
            .next("fix", when: "result.status == 'expired'").next("deploy", when: "result.status == 'approved'")
            .next("END")
            Step.call("deploy").onInterrupted(.ask)
        }
        let document: JSONValue = [
            "name": "build-and-deploy", "description": "Build, test, deploy",
            "input": ["type": "object", "required": ["repo"], "properties": ["repo": ["type": "string"]]],
            "state": ["artifact": nil], "output": "${state.artifact}",
            "agents": ["coder": ["model": "scripted/echo"]],
            "flow": [
                "START": "clone",
                "clone": [
                    "call": "git/clone", "with": ["repo": "${input.repo}"], "set": ["dir": "${result.path}"],
                    "next": "build",
                ],
                "build": [
                    "parallel": ["linux": ["command": ["make", "linux"]], "mac": ["call": "mac/build"]],
                    "next": "test",
                ],
                "test": [
                    "command": ["make", "test"], "timeoutMs": 600_000, "onError": "fix",
                    "retry": ["attempts": 3, "delayMs": 1000, "backoff": "exponential", "maxDelayMs": 30000],
                    "next": "release",
                ],
                "fix": [
                    "agent": "coder", "prompt": "The tests fail:\n${steps.test.result.stderr}", "next": "build",
                ],
                "release": [
                    "approval": [
                        "message": "Deploy ${state.artifact}?", "required": 1, "approvers": ["ops-lead"],
                        "expiresAfterMs": 3_600_000,
                    ],
                    "next": [
                        ["when": "result.status == 'expired'", "to": "fix"],
                        ["when": "result.status == 'approved'", "to": "deploy"], ["to": "END"],
                    ],
                ],
                "deploy": ["call": "deploy", "onInterrupted": "ask", "next": "END"],
            ],
        ]
        #expect(flow.document.value == document)
        #expect(try Flow(document: JSON(parsing: document.serialized())) == flow)
    }

    @Test("Order gives the way on, conditions come before it, and a failure has none")
    func ways() throws {
        try check(
            """
            {"START":"a","a":{"call":"a","next":[{"when":"result.ok","to":"c"},{"to":"b"}]},
            "b":{"call":"x","next":"END"},"c":{"fail":{"kind":"k","message":"m"}}}
            """
        ) {
            Step.call("a").next("c", when: "result.ok")
            Step.call("b", "x").next("END")
            Step.fail("c", kind: "k", "m")
        }
    }

    @Test("What comes below an approval is for what was approved, whatever ways stand beside it")
    func approvals() throws {
        try check(
            """
            {"START":"a","a":{"approval":{"message":"A?","required":1},"next":"b"},
            "b":{"approval":{"message":"B?","required":1},"next":[{"when":"result.status == 'expired'","to":"a"},
            {"when":"result.status == 'approved'","to":"c"},{"to":"END"}]},
            "c":{"approval":{"message":"C?","required":1},"next":[{"when":"result.status == 'approved'","to":"END"},
            {"to":"c"}]}}
            """
        ) {
            Step.approval("a", "A?")
            Step.approval("b", "B?").next("a", when: "result.status == 'expired'")
            Step.until("result.status == 'approved'") { Step.approval("c", "C?") }
        }
    }

    @Test("A loop goes back until its condition holds, one within another too")
    func loops() throws {
        try check(
            """
            {"START":"a","a":{"call":"a","next":"b"},
            "b":{"call":"b","next":[{"when":"result.done","to":"c"},{"to":"a"}]},"c":{"call":"c","next":"END"}}
            """
        ) {
            Step.until("result.done") {
                Step.call("a")
                Step.call("b")
            }
            Step.call("c")
        }
        try check(
            """
            {"START":"a","a":{"call":"a","next":"b"},
            "b":{"call":"b","next":[{"when":"result.z","to":"END"},{"when":"(result.x) && (result.y)","to":"END"},
            {"when":"result.x","to":"a"},{"to":"b"}]}}
            """
        ) {
            Step.until("result.y") {
                Step.call("a")
                Step.until("result.x") { Step.call("b").next("END", when: "result.z") }
            }
        }
    }

    @Test("Swift's own branches and loops choose the steps")
    func control() throws {
        let isCareful = true
        try check(
            """
            {"START":"a1","a1":{"call":"a1","next":"a2"},"a2":{"call":"a2","next":"ask"},
            "ask":{"approval":{"message":"Go?","required":1},"next":"END"}}
            """
        ) {
            for number in 1...2 { Step.call("a\(number)") }
            if isCareful { Step.approval("ask", "Go?") } else { Step.set("ask", ["n": 1]) }
            if !isCareful { Step.call("never") }
        }
    }

    @Test("The kinds that hold others, with a flow where there are several steps")
    func composites() throws {
        try check(
            """
            {"START":"p","p":{"parallel":{"a":{"call":"a"},"b":{"flow":{"START":"x","x":{"call":"x","next":"END"}},
            "output":"${result}"}},"failureStrategy":"collect-all","next":"e"},
            "e":{"forEach":{"in":[1,2],"as":"n","do":{"flow":{"START":"y","y":{"call":"y","next":"z"},
            "z":{"call":"z","next":"END"}}},"maxConcurrency":2,"key":"${n}","dependsOn":"${[]}"},"next":"w"},
            "w":{"workflow":"other","with":{"n":1},"compensate":{"tool":"s/undo"},"next":"END"}}
            """
        ) {
            Step.parallel("p", failureStrategy: .collectAll) {
                Step.call("a")
                Branch("b", output: "${result}") { Step.call("x") }
            }
            Step.forEach("e", in: [1, 2], as: "n", maxConcurrency: 2, key: "${n}", dependsOn: "${[]}") {
                Step.call("y")
                Step.call("z")
            }
            Step.child("w", "other", with: ["n": 1]).compensate(.tool("any", "s/undo"))
        }
    }

    @Test("A step of a document is one of a flow, its own way on included")
    func documentSteps() throws {
        try check(
            """
            {"START":"r","r":{"evaluatorOptimizer":{"generate":{"call":"g"},"evaluate":{"call":"e"},
            "optimize":{"call":"o"}},"next":"c"},"c":{"call":"c","next":[{"when":"result.ok","to":"END"}]}}
            """
        ) {
            Step(
                "r",
                document: [
                    "evaluatorOptimizer": [
                        "generate": ["call": "g"], "evaluate": ["call": "e"], "optimize": ["call": "o"],
                    ]
                ])
            Step("c", document: ["call": "c", "next": [["when": "result.ok", "to": "END"]]])
        }
    }

    @Test("A flow may hide what is secret, and clean up")
    func cleanup() throws {
        let flow = try Flow("f", redact: ["input.password"]) {
            Step.call("a")
        } cleanup: {
            Step.call("release")
        }
        #expect(flow.document.value["redact"] == ["input.password"])
        #expect(
            flow.document.value["cleanup"] == ["START": "release", "release": ["call": "release", "next": "END"]])
    }

    private func problems(@FlowBuilder _ steps: () -> [Step]) -> [String] {
        let error = #expect(throws: InvalidFlow.self) { try Flow("f", steps: steps) }
        return error?.problems.map { "\($0.kind) \($0.pointer)" } ?? []
    }

    @Test("What is wrong is told when the value is made, all at once")
    func mistakes() {
        #expect(
            problems {
                Step.call("build").next("tset")
                Step.call("test").onError("nowhere").next("END", when: "1 +")
            } == [
                "flow.unknownTarget /flow/build/next", "flow.unknownTarget /flow/test/onError",
                "expression.syntax /flow/test/next/0/when",
            ])
        #expect(problems {}.first == "document.missingMember /flow")
        #expect(
            problems { Step.set("s", "no object") } == ["document.wrongType /flow/s/set"])
        #expect(
            problems { Step.parallel("p") { Step.call("a").next("b") } }
                == ["flow.nextOutsideFlow /flow/p/parallel/a/next"])
        #expect(
            problems { Step.approval("a", "Go?", policy: ApprovalPolicy(approvers: ["a"], required: 2)) }
                == ["approval.outOfReach /flow/a/approval/required"])
    }

    @Test("A name that is used twice in a flow is told with its place")
    func repeatedNames() {
        #expect(
            problems {
                Step.call("a")
                Step.call("a")
                Step.parallel("p") {
                    Step.call("x")
                    Branch("x") {
                        Step.call("y")
                        Step.forEach("z", in: []) {
                            Step.call("i")
                            Step.call("i")
                        }
                        Step.call("y")
                    }
                }
            } == [
                "flow.duplicateStep /flow/a", "flow.duplicateStep /flow/p/parallel/x",
                "flow.duplicateStep /flow/p/parallel/x/flow/y",
                "flow.duplicateStep /flow/p/parallel/x/flow/z/forEach/do/flow/i",
            ])
    }

    @Test("A problem is one line that says how to mend it")
    func complaint() {
        let error = #expect(throws: InvalidFlow.self) {
            try Flow("f") {
                Step.call("build").next("tset")
                Step.call("test")
            }
        }
        #expect(
            error?.description
                == "/flow/build/next: There is no step \"tset\" in this flow. Did you mean \"test\"? (flow.unknownTarget)"
        )
    }

    @Test("What is doubtful is told beside the value")
    func warnings() throws {
        let flow = try Flow("f") {
            Step.call("a").next("END")
            Step.call("b")
        }
        #expect(flow.warnings.map(\.kind) == ["flow.unreachable"])
    }

    @Test("JSON is written as Swift writes literals, and travels in Codable values")
    func json() throws {
        struct Box: Codable, Equatable { var any: JSON }
        let any: JSON = ["a": [1, 2.5, nil, true, "x"], "b": [:]]
        #expect(any.description == #"{"a":[1,2.5,null,true,"x"],"b":{}}"#)
        #expect(try JSON(parsing: any.description) == any)
        #expect(try JSON(encoding: Box(any: any)) == ["any": any])
        #expect(try JSON(encoding: Box(any: any)).decoded(as: Box.self) == Box(any: any))
    }
}
