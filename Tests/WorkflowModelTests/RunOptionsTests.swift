import JSON
import Testing
import WorkflowModel

@Suite("Options of a run")
struct RunOptionsTests {
    @Test("What is not said has its default, and null says nothing")
    func defaults() throws {
        for value in [Optional.none, [:], ["timeout": nil, "approvals": nil]] as [JSONValue?] {
            #expect(try RunOptions.parse(value) == RunOptions())
        }
        let options = try RunOptions.parse(["timeout": ["ms": 5], "approvals": [:]])
        #expect(options.timeout?.after == .milliseconds(5))
        #expect(options.timeout?.action == .fail)
        #expect(options.timeout?.clock == .active)
        #expect(options.approvals.required == 1)
        #expect(options.approvals.onExpiry == .expire)
    }

    @Test("Everything can be said")
    func everything() throws {
        let options = try RunOptions.parse([
            "timeout": ["ms": 0, "action": "notify", "clock": "wall"],
            "approvals": ["expiresAfterMs": 7, "approvers": ["ann"], "required": 3, "onExpiry": "expire"],
        ])
        #expect(options.timeout?.action == .notify)
        #expect(options.timeout?.clock == .wall)
        #expect(options.approvals.expiresAfter == .milliseconds(7))
        #expect(options.approvals.approvers == ["ann"])
        #expect(options.approvals.required == 3)
    }

    @Test(
        "What is wrong is told with its place",
        arguments: [
            ("x", ["/document.wrongType"]), (["timeuot": [:]], ["/timeuot document.unknownMember"]),
            (["timeout": 5], ["/timeout document.wrongType"]), (["timeout": [:]], ["/timeout document.missingMember"]),
            (["timeout": ["ms": -1]], ["/timeout/ms document.wrongType"]),
            (["timeout": ["ms": 1.5]], ["/timeout/ms document.wrongType"]),
            (["timeout": ["ms": 1, "action": "explode"]], ["/timeout/action document.unknownValue"]),
            (["approvals": ["approvers": []]], ["/approvals/approvers document.wrongType"]),
            (["approvals": ["approvers": ["ann", 2]]], ["/approvals/approvers document.wrongType"]),
            (["approvals": ["required": 0]], ["/approvals/required document.wrongType"]),
            (
                ["approvals": ["onExpiry": "approve", "approvers": ["ann"]]],
                ["/approvals/onExpiry approval.approvesItself"]
            ),
            (
                ["timeout": ["ms": "5", "clock": "sun"], "approvals": ["required": "2"], "more": 1],
                [
                    "/more document.unknownMember", "/timeout/ms document.wrongType",
                    "/approvals/required document.wrongType",
                ]
            ),
        ] as [(JSONValue, [String])])
    func problems(value: JSONValue, expected: [String]) throws {
        let error = #expect(throws: InvalidWorkflow.self) { try RunOptions.parse(value) }
        let found = error?.problems.map { "\($0.pointer)\($0.pointer.tokens.isEmpty ? "/" : " ")\($0.kind)" }
        #expect(found == expected)
    }

    @Test("A delay grows as its policy says, and never overflows")
    func delays() {
        var policy = RetryPolicy()
        policy.delay = .seconds(1)
        for (backoff, delays) in [
            (.fixed, [1000, 1000, 1000]), (.linear, [1000, 2000, 3000]), (.exponential, [1000, 2000, 4000]),
        ] as [(RetryPolicy.Backoff, [Int64])] {
            policy.backoff = backoff
            #expect((1...3).map { policy.delay(afterFailures: $0, chance: 0.5).milliseconds } == delays)
        }
        for failures in [62, 63, 64, 1000, Int.max] {
            #expect(policy.delay(afterFailures: failures, chance: 0.5).milliseconds == .max)
        }
        policy.maximumDelay = .seconds(30)
        #expect(policy.delay(afterFailures: 1000, chance: 0.5) == .seconds(30))
        policy.delay = .zero
        #expect(policy.delay(afterFailures: 1000, chance: 0.5) == .zero)
    }
}
