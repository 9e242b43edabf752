import JSON
import Testing
import WorkflowCore
import WorkflowModel

@Suite("Questions to people")
struct PeopleTests {
    private func approval(_ members: JSONObject = [:], next: JSONValue = "after") throws -> Table {
        var approval: JSONObject = ["message": "Deploy?"]
        for (name, value) in members { approval[name] = value }
        var table = try Table([
            "START": "gate", "gate": ["approval": .object(approval), "next": next], "after": call,
        ])
        try table.start()
        return table
    }

    private func vote(_ decision: ApprovalDecision, by name: String) -> ApprovalAnswer {
        ApprovalAnswer(decision: decision, approver: name, message: nil, client: nil)
    }

    @Test("A run that only waits for a person is awaiting, and goes on when it was approved")
    func approve() throws {
        var table = try approval()
        #expect(table.run.status == .awaiting)
        let id = try #require(table.run.interactions.first?.id)
        let types = try table.decide(.respondApproval(.id(id), vote(.approved, by: "ann")))
        #expect(types == ["execution/interactionResolved", "step/completed", "step/started", "run/statusChanged"])
        #expect(table.run.status == .inProgress)
        #expect(table.run.root.results["gate"]?["result"] == ["status": "approved", "approver": "ann"])
    }

    @Test("A bare next is not followed when the approval was rejected")
    func reject() throws {
        var table = try approval()
        try table.decide(.respondApproval(.onlyOne(executionID: "e"), vote(.rejected, by: "ann")))
        #expect(table.run.status == .completed)
        #expect(table.run.output?["status"] == "rejected")
    }

    @Test("A list with when takes a rejection where it says")
    func rejectWithWhen() throws {
        var table = try approval(next: [["when": "result.status == 'rejected'", "to": "after"], ["to": "END"]])
        try table.decide(.respondApproval(.onlyOne(executionID: "e"), vote(.rejected, by: "ann")))
        #expect(table.run.active.map(\.path) == ["after"])
    }

    @Test("Of two required approvals the first is only recorded, and the same approver counts once")
    func quorum() throws {
        var table = try approval(["required": 2, "approvers": ["ann", "bob"]])
        let id = try #require(table.run.interactions.first?.id)
        #expect(try table.decide(.respondApproval(.id(id), vote(.approved, by: "ann"))) == ["execution/voteRecorded"])
        #expect(try table.decide(.respondApproval(.id(id), vote(.rejected, by: "ann"))).isEmpty)
        #expect(table.run.status == .awaiting)
        try table.decide(.respondApproval(.id(id), vote(.approved, by: "bob")))
        #expect(table.run.active.map(\.path) == ["after"])
    }

    @Test("Only approvers approve")
    func wrongApprover() throws {
        var table = try approval(["approvers": ["ann"]])
        let id = try #require(table.run.interactions.first?.id)
        guard
            case .notAnApprover("eve", approvers: ["ann"]) = refusal({
                try table.decide(.respondApproval(.id(id), vote(.approved, by: "eve")))
            })
        else {
            Issue.record("Eve was taken for an approver.")
            return
        }
    }

    @Test("An answer at the deadline is too late, even if the timer is late too")
    func lateVote() throws {
        var table = try approval(["expiresAfterMs": 100])
        let id = try #require(table.run.interactions.first?.id)
        table.pass(100)
        guard
            case .interactionExpired = refusal({
                try table.decide(.respondApproval(.id(id), vote(.approved, by: "ann")))
            })
        else {
            Issue.record("It was not too late.")
            return
        }
        try table.decide(.advance)
        #expect(table.run.output?["status"] == "expired")
    }

    @Test("An approval may approve itself when it expires, unless it names its approvers")
    func onExpiry() throws {
        var table = try approval(["expiresAfterMs": 100, "onExpiry": "approve"])
        table.pass(100)
        try table.decide(.advance)
        #expect(table.run.active.map(\.path) == ["after"])
        #expect(throws: InvalidWorkflow.self) { try approval(["onExpiry": "approve", "approvers": ["ann"]]) }
    }

    @Test("An answer must fit the schema of its question")
    func input() throws {
        var table = try Table([
            "START": "ask", "ask": ["input": ["prompt": "How many?", "schema": ["type": "integer", "minimum": 1]]],
        ])
        try table.start()
        let id = try #require(table.run.interactions.first?.id)
        func answer(_ value: JSONValue) -> Command {
            .respondInput(.id(id), InputAnswer(value: value, by: nil, client: nil))
        }
        for wrong in [0, "3", .null, 1.5] as [JSONValue] {
            guard case .answerInvalid(let violations) = refusal({ try table.decide(answer(wrong)) }) else {
                Issue.record("\(wrong) was taken.")
                continue
            }
            #expect(!violations.isEmpty)
        }
        try table.decide(answer(3))
        #expect(table.run.output == 3)
    }

    @Test("An expired input takes its default, else it fails as input.expired")
    func inputExpiry() throws {
        for (fallback, status) in [("x" as JSONValue?, RunStatus.completed), (nil, .failed)] {
            var input: JSONObject = ["prompt": "?", "expiresAfterMs": 10]
            input["default"] = fallback
            var table = try Table(["START": "ask", "ask": ["input": .object(input)]])
            try table.start()
            table.pass(10)
            try table.decide(.advance)
            #expect(table.run.status == status)
            if status == .failed { #expect(table.run.failure?.kind == "input.expired") }
        }
    }

    @Test("The active clock of a run's timeout stands while a person is waited for, the wall clock does not")
    func clocks() throws {
        for (clock, isOver) in [("active", false), ("wall", true)] {
            var table = try Table(
                ["START": "gate", "gate": ["approval": ["message": "?"], "next": "after"], "after": call],
                options: ["timeout": ["ms": 100, "clock": .string(clock)]])
            try table.start()
            table.pass(1000)
            try table.decide(.advance)
            #expect(table.run.status == (isOver ? .failed : .awaiting))
        }
    }
}
