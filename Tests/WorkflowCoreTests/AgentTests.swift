import JSON
import Testing
import WorkflowCore
import WorkflowModel

@Suite("Agents")
struct AgentTests {
    /// One agent step with two tools: `search`, and `write` with these members beside.
    static func flow(_ agent: JSONObject = [:], step: JSONObject = [:], write: JSONObject = [:]) -> JSONValue {
        var write = write
        for (name, value) in ["name": "write", "description": "Writes.", "input": true, "call": "files/write"]
            as JSONObject
        { write[name] = value }
        let search: JSONValue = [
            "name": "search", "description": "Searches.", "call": "files/search",
            "input": ["type": "object", "required": ["q"], "properties": ["q": ["type": "string"]]],
        ]
        var members: JSONObject = ["model": "scripted/x", "tools": [search, .object(write)]]
        for (name, value) in agent { members[name] = value }
        var coder: JSONObject = ["agent": .object(members), "prompt": "Do it."]
        for (name, value) in step { coder[name] = value }
        return ["START": "coder", "coder": .object(coder)]
    }

    static let search = ModelAnswer.Call(id: "c1", tool: "search", input: ["q": "x"])
    static let write = ModelAnswer.Call(id: "c2", tool: "write", input: ["text": "y"])

    @Test("A turn is recorded before its tools start, and the next one is due when all have returned")
    func loop() throws {
        var table = try Table(Self.flow())
        try table.start()
        #expect(table.run.effects(underWay: []) == [.startAttempt(path: "coder", number: 1)])
        #expect(
            try table.answer("Let me look.", calling: [Self.search, Self.write]) == [
                "agent/turned", "tool/called", "tool/called",
            ])
        #expect(
            table.run.effects(underWay: []) == [
                .startAttempt(path: "coder/tool[search]", number: 1),
                .startAttempt(path: "coder/tool[write]", number: 1),
            ])
        #expect(try table.succeed("coder/tool[write]", true) == ["tool/returned"])
        #expect(table.run.effects(underWay: [("coder/tool[search]", 1)]).isEmpty)
        #expect(try table.fail("coder/tool[search]") == ["tool/returned"])
        #expect(table.run.effects(underWay: []) == [.startAttempt(path: "coder", number: 1)])
        #expect(
            try table.answer("Done.") == [
                "agent/turned", "step/completed", "run/statusChanged", "run/completed",
            ])
        let usage: JSONValue = [
            "inputTokens": 20, "outputTokens": 10, "cacheReadTokens": 0, "cacheWriteTokens": 0, "costMicros": 0,
            "modelTurns": 2, "toolCalls": 2,
        ]
        #expect(
            table.run.output == [
                "text": "Done.", "output": nil, "usage": usage,
                "toolCalls": [
                    ["tool": "search", "status": "failed"],
                    ["tool": "write", "status": "completed"],
                ],
            ])
        #expect(table.run.usage.json == usage)
        #expect(table.run.conversations.isEmpty)
        #expect(table.run.progress.current == 1)
    }

    @Test(
        "A call that cannot be made is answered at once, and the model told why",
        arguments: [
            (ModelAnswer.Call(id: "c", tool: "serach", input: [:]), "tool.unknown", "coder/tool[serach]"),
            (ModelAnswer.Call(id: "c", tool: "no such]", input: [:]), "tool.unknown", "coder/tool[unknown]"),
            (ModelAnswer.Call(id: "c", tool: "search", input: ["q": 3]), "tool.badArguments", "coder/tool[search]"),
        ])
    func refused(call: ModelAnswer.Call, kind: String, path: String) throws {
        var table = try Table(Self.flow())
        try table.start()
        #expect(try table.answer(calling: [call]) == ["agent/turned", "tool/called", "tool/returned"])
        let turn = try #require(table.run.conversations["coder"]?.turns.last)
        #expect(turn.calls.map(\.path) == [path])
        guard case .failed(let failure) = turn.calls[0].result else {
            Issue.record("It did not fail.")
            return
        }
        #expect(failure.kind == kind)
        #expect(table.run.effects(underWay: []) == [.startAttempt(path: "coder", number: 1)])
    }

    @Test("Each call of a tool has a path of its own, also where an attempt begins anew")
    func paths() throws {
        var table = try Table(Self.flow(["maxTurns": 2], step: ["retry": ["attempts": 2]]))
        try table.start()
        try table.answer(calling: [Self.search, Self.search])
        #expect(table.run.active.map(\.path) == ["coder", "coder/tool[search]", "coder/tool[search#2]"])
        try table.succeed("coder/tool[search]")
        try table.succeed("coder/tool[search#2]")
        #expect(try table.answer(calling: [Self.search]) == ["agent/turned", "step/failed", "step/started"])
        try table.answer(calling: [Self.search])
        #expect(table.run.active.map(\.path) == ["coder", "coder/tool[search#3]"])
        #expect(table.run.active.map(\.attempt) == [2, 1])
    }

    @Test(
        "An attempt goes on from its turns when the model or a tool did not answer, and begins anew when its answer was refused",
        arguments: [("model.unavailable", 1), ("step.timedOut", 1), ("model.malformed", 0)])
    func attempts(kind: String, turns: Int) throws {
        let schema: JSONValue = ["type": "object"]
        var table = try Table(Self.flow(["output": schema], step: ["retry": ["attempts": 2]]))
        try table.start()
        try table.answer(calling: [Self.search])
        try table.succeed("coder/tool[search]", "found")
        if kind == "model.malformed" {
            for _ in 1...3 { #expect(try table.answer("no JSON") == ["agent/turned", "agent/told"]) }
            try table.answer("no JSON")
        } else {
            try table.fail("coder", Failure(kind: kind, message: "No."))
        }
        let agent = try #require(table.run.active(at: "coder"))
        #expect((agent.attempt, agent.failures) == (2, 1))
        #expect(table.run.conversations["coder"]?.turns.count == turns)
        #expect(table.run.effects(underWay: []) == [.startAttempt(path: "coder", number: 2)])
    }

    @Test("An answer that does not fit is sent back with what is wrong, and may be in a fenced block")
    func repair() throws {
        let schema: JSONValue = ["type": "object", "required": ["n"], "properties": ["n": ["type": "integer"]]]
        var table = try Table(Self.flow(["output": schema]))
        try table.start()
        try table.answer("{\"n\": \"x\"}")
        let told = try #require(table.run.conversations["coder"]?.turns.last?.told)
        #expect(told.contains("/n"))
        try table.answer("```json\n{\"n\": 3}\n```")
        #expect(table.run.output?["output"] == ["n": 3])
    }

    @Test("What verifies an answer sends it back until it holds", arguments: ["condition", "step", "verdict"])
    func verification(by kind: String) throws {
        let verify: JSONValue =
            kind == "condition" ? "result.text == 'good'" : ["call": "check", "with": "${result.text}"]
        var table = try Table(Self.flow(["verify": verify]))
        try table.start()
        try table.answer("bad")
        if kind != "condition" {
            #expect(table.run.active.map(\.path) == ["coder", "coder/verify"])
            #expect(table.run.active(at: "coder/verify")?.input == "bad")
            if kind == "step" {
                try table.fail("coder/verify")
            } else {
                try table.succeed("coder/verify", ["passed": false, "feedback": "It failed."])
            }
            #expect(table.run.conversations["coder"]?.turns.last?.told?.contains("It failed.") == true)
        }
        #expect(table.run.effects(underWay: []) == [.startAttempt(path: "coder", number: 1)])
        try table.answer("good")
        if kind != "condition" { try table.succeed("coder/verify#2", "fine") }
        #expect(table.run.status == .completed)
        #expect(table.run.output?["text"] == "good")
        #expect(table.run.usage.modelTurns == 2)
    }

    @Test("A model that comes to no end fails at its last turn")
    func turns() throws {
        var table = try Table(Self.flow(["maxTurns": 2]))
        try table.start()
        try table.answer(calling: [Self.search])
        try table.succeed("coder/tool[search]")
        try table.answer(calling: [Self.search])
        #expect(table.run.failure?.kind == "model.turnsExceeded")
    }

    @Test(
        "A tool with an approval is called when a person says so, and else the model is told", arguments: [true, false])
    func approval(isApproved: Bool) throws {
        var table = try Table(Self.flow(write: ["approval": ["approvers": ["ann"]]]))
        try table.start()
        #expect(
            try table.answer(calling: [Self.write]) == [
                "agent/turned", "tool/called", "execution/approvalRequested", "run/statusChanged",
            ])
        #expect(table.run.status == .awaiting)
        let question = try #require(table.run.interactions.first)
        #expect(question.reason == "tool")
        #expect(question.show == ["tool": "write", "input": ["text": "y"]])
        #expect(table.run.effects(underWay: []).isEmpty)
        let answer = ApprovalAnswer(
            decision: isApproved ? .approved : .rejected, approver: "ann", message: "Not now.", client: nil)
        try table.decide(.respondApproval(.id(question.id), answer))
        guard isApproved else {
            #expect(table.run.effects(underWay: []) == [.startAttempt(path: "coder", number: 1)])
            guard case .failed(let failure) = table.run.conversations["coder"]?.turns.last?.calls.first?.result else {
                Issue.record("The model is not told.")
                return
            }
            #expect(failure.kind == "approval.rejected")
            #expect(failure.message.contains("Not now."))
            return
        }
        #expect(table.run.effects(underWay: []) == [.startAttempt(path: "coder/tool[write]", number: 1)])
        // Once approved, a call that a crash cut off is not asked about again.
        try table.decide(.takeOver)
        #expect(table.run.effects(underWay: []) == [.startAttempt(path: "coder/tool[write]", number: 2)])
        try table.succeed("coder/tool[write]")
        #expect(table.run.approvedCalls.isEmpty)
    }

    @Test(
        "A call that a crash cut off is made again, asked about, or told of, as its tool says",
        arguments: [("retry", RunStatus.inProgress), ("ask", .awaiting), ("fail", .inProgress)])
    func interrupted(policy: String, status: RunStatus) throws {
        var table = try Table(Self.flow(write: ["onInterrupted": .string(policy)]))
        try table.start()
        try table.answer(calling: [Self.write])
        try table.decide(.takeOver)
        #expect(table.run.status == status)
        #expect(table.run.active(at: "coder")?.attempt == 1)
        let next: [Effect] =
            switch policy {
            case "retry": [.startAttempt(path: "coder/tool[write]", number: 2)]
            case "ask": []
            default: [.startAttempt(path: "coder", number: 1)]
            }
        #expect(table.run.effects(underWay: []) == next)
    }

    @Test("A paused run begins no further turn, and no further call")
    func pause() throws {
        var table = try Table(Self.flow())
        try table.start()
        try table.answer(calling: [Self.search])
        try table.decide(.pause)
        try table.succeed("coder/tool[search]")
        #expect(table.run.effects(underWay: []).isEmpty)
        try table.decide(.resume)
        #expect(table.run.effects(underWay: [("coder", 1)]).isEmpty)
        try table.decide(.pause)
        #expect(try table.answer(calling: [Self.search]) == ["agent/turned", "tool/called"])
        #expect(try table.decide(.resume) == ["run/statusChanged", "step/started"])
    }

    @Test(
        "A spent budget holds the next turn until a person grants as much again",
        arguments: [["maxModelTokens": 15], ["maxCostMicros": 5]] as [JSONValue])
    func budget(budget: JSONValue) throws {
        var table = try Table(Self.flow(), options: ["budget": budget])
        try table.start()
        try table.answer(calling: [Self.search], cost: 5)
        #expect(
            try table.succeed("coder/tool[search]") == [
                "tool/returned", "execution/approvalRequested", "run/statusChanged",
            ])
        #expect(table.run.interactions.map(\.reason) == ["budget"])
        #expect(table.run.status == .awaiting)
        #expect(table.run.effects(underWay: []).isEmpty)
        let id = try #require(table.run.interactions.first?.id)
        let answer = ApprovalAnswer(decision: .approved, approver: "ann", message: nil, client: nil)
        try table.decide(.respondApproval(.id(id), answer))
        #expect(table.run.effects(underWay: []) == [.startAttempt(path: "coder", number: 1)])
        try table.answer(calling: [Self.search], cost: 5)
        try table.succeed("coder/tool[search#2]")
        let second = try #require(table.run.interactions.first?.id)
        let no = ApprovalAnswer(decision: .rejected, approver: "ann", message: nil, client: nil)
        try table.decide(.respondApproval(.id(second), no))
        #expect(table.run.failure?.kind == "budget.exceeded")
    }

    @Test("What a run's models took counts for all of its agents: a second one does not begin on a spent budget")
    func sharedBudget() throws {
        let agent: JSONValue = ["model": "scripted/x"]
        var table = try Table(
            ["START": "a", "a": ["agent": agent, "prompt": "x", "next": "b"], "b": ["agent": agent, "prompt": "y"]],
            options: ["budget": ["maxModelTokens": 15]])
        try table.start()
        #expect(
            try table.answer(at: "a", "x") == [
                "agent/turned", "step/completed", "execution/approvalRequested", "run/statusChanged",
            ])
        let id = try #require(table.run.interactions.first?.id)
        let answer = ApprovalAnswer(decision: .approved, approver: "ann", message: nil, client: nil)
        #expect(
            try table.decide(.respondApproval(.id(id), answer)) == [
                "execution/interactionResolved", "step/started", "run/statusChanged",
            ])
    }

    @Test("A command that is a tool gets its arguments on stdin, or in its words")
    func command() throws {
        let tools: JSONValue = [
            ["name": "plain", "description": "x", "input": true, "command": ["jq", "."]],
            ["name": "words", "description": "x", "input": true, "command": ["echo", "${args.n}"], "stdin": "none"],
        ]
        var table = try Table(Self.flow(["tools": tools]))
        try table.start()
        try table.answer(calling: [
            ModelAnswer.Call(id: "1", tool: "plain", input: ["n": 1]),
            ModelAnswer.Call(id: "2", tool: "words", input: ["n": 2]),
        ])
        #expect(table.run.active(at: "coder/tool[plain]")?.input == ["command": ["jq", "."], "stdin": "{\"n\":1}"])
        #expect(table.run.active(at: "coder/tool[words]")?.input == ["command": ["echo", "2"], "stdin": "none"])
    }
}

extension Table {
    /// The model of an agent's step answers, and takes ten tokens in and five out.
    @discardableResult
    mutating func answer(
        at path: String = "coder", _ text: String = "", calling calls: [ModelAnswer.Call] = [], cost: Int = 0
    ) throws -> [String] {
        var usage = ModelUsage()
        (usage.inputTokens, usage.outputTokens, usage.costMicros) = (10, 5, cost)
        let number = run.active.first { $0.path == path }?.attempt ?? 1
        return try decide(
            .modelAnswered(path: path, number: number, ModelAnswer(text: text, calls: calls, usage: usage)))
    }
}
