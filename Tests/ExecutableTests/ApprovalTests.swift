import JSON
import Testing

@Suite("Approvals, over the wire")
struct ApprovalTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize()
    }

    /// Starts a run that asks: its execution's id, and the question as the notification has it.
    private func ask(_ members: JSONObject = [:], run: String = "r") throws -> (
        execution: JSONValue, question: JSONValue
    ) {
        var approval = members
        approval["message"] = "Deploy ${input}?"
        let next: JSONValue = [
            ["when": "result.status == 'approved'", "to": "yes"], ["when": "result.status == 'rejected'", "to": "no"],
            ["to": "END"],
        ]
        let document = workflow(
            "deploys",
            [
                "ask": ["approval": .object(approval), "next": next], "yes": ["set": ["way": "yes"]],
                "no": ["set": ["way": "no"]],
            ], ["output": "${state}", "state": ["way": "none"]])
        let handle = try client.call("run/create", started(run, document, ["input": "it"]))
        let question = try client.notification("execution/approvalRequested", of: run)
        return (handle["executionId"] ?? .null, question)
    }

    private func vote(_ question: JSONValue, _ decision: String, by approver: String) -> JSONValue {
        [
            "interactionId": question["interactionId"] ?? .null, "decision": .string(decision),
            "approver": .string(approver),
        ]
    }

    private func way(of run: String = "r") throws -> JSONValue? { try client.runResult(of: run)["output"]?["way"] }

    @Test("A run that asks is awaiting, and says for whom")
    func awaiting() throws {
        let (_, question) = try ask()
        let run = try client.call("run/get", ["runId": "r"])
        #expect(run["status"] == "awaiting")
        #expect(run["waitingFor"]?[0]?["kind"] == "person")
        #expect(run["waitingFor"]?[0]?["interactionId"] == question["interactionId"])
        #expect(question["message"] == "Deploy it?")
        let changed = try client.notification("run/statusChanged") { $0["status"] == "awaiting" }
        #expect(changed["previous"] == "in-progress")
    }

    @Test("A decision goes its way", arguments: [("approved", "yes"), ("rejected", "no")])
    func decisions(decision: String, way: String) throws {
        let (_, question) = try ask()
        let answer = try client.call("execution/respondApproval", vote(question, decision, by: "ann"))
        #expect(answer["interactionId"] == question["interactionId"])
        #expect(answer["resolved"] == true)
        #expect(answer["seq"]?.int != nil)
        let resolved = try client.notification("execution/interactionResolved")
        #expect(resolved["status"]?.string == decision)
        #expect(resolved["approver"] == "ann")
        #expect(try self.way()?.string == way)
        #expect(try client.call("execution/interactions")["interactions"] == [])
    }

    @Test("The execution's id will do while one approval is open in it")
    func byExecution() throws {
        let (execution, _) = try ask()
        try client.call(
            "execution/respondApproval", ["executionId": execution, "decision": "approved", "approver": "ann"])
        #expect(try way() == "yes")
        #expect(
            try client.kind(
                "execution/respondApproval", ["executionId": execution, "decision": "approved", "approver": "ann"])
                == "interaction.notFound")
        #expect(
            try client.kind(
                "execution/respondApproval", ["executionId": "nobody", "decision": "approved", "approver": "ann"])
                == "interaction.notFound")
    }

    @Test("Nobody decided: the question expires, and its run goes on")
    func expires() throws {
        let (_, question) = try ask(["expiresAfterMs": 100])
        #expect(question["expiresAt"]?.string != nil)
        #expect(try client.notification("execution/interactionResolved")["status"] == "expired")
        #expect(
            try client.kind("execution/respondApproval", vote(question, "approved", by: "ann")) == "interaction.expired"
        )
        #expect(try way() == "none")
    }

    @Test("An approval may approve itself when it expires")
    func approvesItself() throws {
        _ = try ask(["expiresAfterMs": 50, "onExpiry": "approve"])
        #expect(try way() == "yes")
    }

    @Test("Only an approver that is named may decide")
    func wrongApprover() throws {
        let (_, question) = try ask(["approvers": ["ann", "ben"]])
        #expect(question["approvers"] == ["ann", "ben"])
        let error = try client.refusal("execution/respondApproval", vote(question, "approved", by: "eve"))
        #expect(error["code"] == -32000)
        #expect(error["data"]?["kind"] == "approval.notAnApprover")
        #expect(try client.call("run/get", ["runId": "r"])["status"] == "awaiting")
        try client.call("execution/respondApproval", vote(question, "approved", by: "ben"))
        #expect(try way() == "yes")
    }

    @Test("A session with a user speaks for that user and their roles alone")
    func sessionUser() throws {
        let other = try Client(in: folder)
        try other.initialize(["user": ["name": "ann", "roles": ["ops-lead"]]])
        let (_, question) = try ask(["approvers": ["ops-lead", "ben"]])
        #expect(
            try other.kind("execution/respondApproval", vote(question, "approved", by: "ben"))
                == "approval.notAnApprover")
        #expect(
            try other.call("execution/respondApproval", vote(question, "approved", by: "ops-lead"))["resolved"] == true)
        #expect(try way() == "yes")
    }

    @Test("A second answer is interaction.alreadyResolved, and changes nothing")
    func secondAnswer() throws {
        let (_, question) = try ask()
        try client.call("execution/respondApproval", vote(question, "approved", by: "ann"))
        #expect(
            try client.kind("execution/respondApproval", vote(question, "rejected", by: "ben"))
                == "interaction.alreadyResolved")
        #expect(try way() == "yes")
    }

    @Test("Two answers in one write: the first one wins")
    func answersAtOnce() throws {
        let (_, question) = try ask()
        try client.send(together: [
            [
                "jsonrpc": "2.0", "id": "a", "method": "execution/respondApproval",
                "params": vote(question, "rejected", by: "ann"),
            ],
            [
                "jsonrpc": "2.0", "id": "b", "method": "execution/respondApproval",
                "params": vote(question, "approved", by: "ben"),
            ],
        ])
        #expect(try client.answer(to: "a")["result"]?["resolved"] == true)
        #expect(try client.answer(to: "b")["error"]?["data"]?["kind"] == "interaction.alreadyResolved")
        #expect(try way() == "no")
    }

    @Test("A quorum of two takes two approvers; the same one twice is one")
    func quorum() throws {
        let (_, question) = try ask(["required": 2])
        #expect(question["required"] == 2)
        #expect(
            try client.call("execution/respondApproval", vote(question, "approved", by: "ann"))["resolved"] == false)
        let voted = try client.notification("execution/voteRecorded")
        #expect(voted["vote"]?["approver"] == "ann")
        let seq = try #require(voted["seq"]?.int)
        let again = try client.call("execution/respondApproval", vote(question, "approved", by: "ann"))
        #expect(again["resolved"] == false)
        #expect(again["seq"]?.int == seq)
        let open = try client.call("execution/interactions", ["runId": "r"])["interactions"]?[0]
        #expect(open?["votes"]?.array?.count == 1)
        #expect(open?["votes"]?[0]?["decision"] == "approved")
        #expect(try client.call("execution/respondApproval", vote(question, "approved", by: "ben"))["resolved"] == true)
        #expect(try way() == "yes")
    }

    @Test("One rejection rejects, whatever the quorum has")
    func quorumRejected() throws {
        let (_, question) = try ask(["required": 2])
        try client.call("execution/respondApproval", vote(question, "approved", by: "ann"))
        #expect(try client.call("execution/respondApproval", vote(question, "rejected", by: "ben"))["resolved"] == true)
        #expect(try way() == "no")
    }

    @Test("The run's options are the default of an approval, which its own members beat")
    func options() throws {
        let options: JSONValue = ["approvals": ["approvers": ["ann"], "required": 1, "expiresAfterMs": 60_000]]
        try client.call("run/create", started("r", Documents.approval, ["options": options]))
        let question = try client.notification("execution/approvalRequested", of: "r")
        #expect(question["approvers"] == ["ann"])
        #expect(question["expiresAt"]?.string != nil)
        let own = workflow("own", ["ask": ["approval": ["message": "?", "approvers": ["ben"]]]])
        try client.call("run/create", started("s", own, ["options": options]))
        #expect(try client.notification("execution/approvalRequested", of: "s")["approvers"] == ["ben"])
    }

    @Test("What is no answer is refused with a pointer at the member")
    func wrongAnswers() throws {
        let (_, question) = try ask()
        let id = question["interactionId"] ?? .null
        let wrong: [(JSONValue, String)] = [
            (["interactionId": id, "decision": "perhaps", "approver": "ann"], "/decision"),
            (["interactionId": id, "approver": "ann"], "/decision"),
            (["interactionId": id, "decision": "approved"], "/approver"),
            (["decision": "approved", "approver": "ann"], "/interactionId"),
            (["interactionId": 7, "decision": "approved", "approver": "ann"], "/interactionId"),
        ]
        for (params, pointer) in wrong {
            let error = try client.refusal("execution/respondApproval", params)
            #expect(error["code"] == -32602)
            #expect(error["data"]?["pointer"]?.string == pointer)
        }
        #expect(try client.kind("execution/respondInput", ["interactionId": id, "value": 1]) == "interaction.notFound")
    }
}
