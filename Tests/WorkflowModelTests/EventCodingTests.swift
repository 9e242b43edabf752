import JSON
import Testing
import WorkflowModel

@Suite("The journal's text of an append")
struct EventCodingTests {
    private let workflow: Workflow

    init() throws {
        workflow = try Workflow.parse([
            "name": "w",
            "flow": [
                "START": "a", "a": ["agent": ["model": "scripted/echo"], "prompt": "Look.", "next": "b"],
                "b": ["call": "h", "with": ["n": "${result.text}"], "next": "c"],
                "c": ["call": "h", "with": ["n": 1], "next": "END"],
            ],
        ]).0
    }

    private static let input: JSONValue = ["model": "scripted/echo", "prompt": "Look."]
    private static let turned = AgentTurned(path: "a", attempt: 1, turn: 1, answer: ModelAnswer(text: "Look."))
    private static let outcome: JSONValue = [
        "text": "Look.", "output": nil,
        "usage": [
            "inputTokens": 0, "outputTokens": 0, "cacheReadTokens": 0, "cacheWriteTokens": 0, "costMicros": 0,
            "modelTurns": 1, "toolCalls": 0,
        ], "toolCalls": [],
    ]

    private static func started(_ step: String, _ kind: String, input: JSONValue?, attempt: Int = 1) -> RunEvent {
        .stepStarted(StepStarted(path: step, step: step, kind: kind, iteration: 1, attempt: attempt, input: input))
    }

    private static func completed(_ step: String, _ output: JSONValue, to target: Target) -> StepCompleted {
        var progress = Progress()
        (progress.current, progress.total, progress.message) = (1, 3, step)
        return StepCompleted(
            path: step, step: step, attempt: 1, output: output, set: nil,
            decision: FlowDecision(from: step, to: target, reason: "next"), progress: progress)
    }

    private static func changed(_ status: RunStatus, from previous: RunStatus) -> RunEvent {
        .statusChanged(StatusChanged(status: status, isPaused: false, previous: previous))
    }

    /// Appends, and what is written of them.
    private static let usual: [(events: [RunEvent], text: String)] = [
        (
            [changed(.inProgress, from: .pending), started("a", "agent", input: input)],
            #"[["run/statusChanged",{"status":"in-progress"}],["step/started",{"path":"a"}]]"#
        ),
        (
            [
                .agentTurned(turned), .stepCompleted(completed("a", outcome, to: .step("b"))),
                started("b", "call", input: ["n": "Look."]),
            ],
            #"[["agent/turned",{"path":"a","text":"Look."}],["#
                + #""step/completed",{"decision":"b","progress":[1,3]}],["step/started",{"kind":"call","input":{"n":"Look."}}]]"#
        ),
        (
            [
                .stepCompleted(completed("c", 7, to: .end)), changed(.completed, from: .inProgress),
                .completed(output: 7),
            ],
            #"[["step/completed",{"path":"c","output":7,"decision":"END","progress":[1,3]}],["#
                + #""run/statusChanged",{"status":"completed"}],["run/completed"]]"#
        ),
        ([started("c", "call", input: ["n": 1])], #"[["step/started",{"path":"c"}]]"#),
    ]

    /// What is like the usual, and is not.
    private static var unusual: [[RunEvent]] {
        var (other, negative, described, chosen) = (
            outcome, outcome, completed("a", 1, to: .end), completed("a", 1, to: .end)
        )
        other = .object(outcome.object!.merging("text", "Look!"))
        let usage = outcome["usage"]!.object!.merging("toolCalls", -1)
        negative = .object(outcome.object!.merging("usage", .object(usage)))
        let members = outcome.object!
        let others: [JSONValue] = [
            .object(members.merging("output", 1)), .object(members.merging("toolCalls", ["t"])),
            .object(members.merging("more", 1)), .object(JSONObject(members.reversed().map { ($0.key, $0.value) })),
        ]
        described.progress.message = "Looks."
        chosen.decision.condition = "true"
        var thought = turned
        thought.thoughtBytes = 12
        thought.stopReason = .length
        var read = completed("c", 7, to: .end)
        read.reading = 8
        let events: [[RunEvent]] = [
            [started("a", "agent", input: ["model": "scripted/echo", "prompt": "Look again."])],
            [started("a", "call", input: input)], [started("a", "agent", input: .none)],
            [started("a", "agent", input: input, attempt: 2)], [started("b", "call", input: ["n": "x"])],
            [started("elsewhere", "call", input: [:])], [started("c", "call", input: ["n": 1.0])],
            [.stepStarted(StepStarted(path: "a#2", step: "a", kind: "agent", iteration: 2, attempt: 1, input: input))],
            [.stepCompleted(completed("a", outcome, to: .end))],
            [.agentTurned(turned), .stepCompleted(completed("b", outcome, to: .end))],
            [.agentTurned(turned), .stepCompleted(completed("a", other, to: .end))],
            [.agentTurned(turned), .stepCompleted(completed("a", negative, to: .end))],
            [.agentTurned(thought)], [.stepCompleted(described)], [.stepCompleted(chosen)], [.completed(output: 7)],
            [.stepCompleted(read), .completed(output: 7)], [.stepCompleted(read), .completed(output: 8)],
            [changed(.completed, from: .awaiting)], [changed(.inProgress, from: .awaiting)],
            [
                .agentTurned(
                    AgentTurned(path: "a", attempt: 2, turn: 3, answer: ModelAnswer(text: ""), isVerified: true))
            ],
        ]
        return events + others.map { [.agentTurned(turned), .stepCompleted(completed("a", $0, to: .end))] }
    }

    @Test("leaves out what reading puts back")
    func brevity() {
        for (events, text) in Self.usual {
            #expect(String(decoding: EventCoding.encode(events, of: workflow), as: UTF8.self) == text)
        }
    }

    @Test("is read back as the data that was told, whatever is usual in it")
    func roundTrip() throws {
        for events in Self.usual.map(\.events) + Self.unusual {
            let text = EventCoding.encode(events, of: workflow)
            let decoded = try EventCoding.decode(text, of: workflow)
            #expect(decoded == events)
            // Equal numbers may be written in more than one way.
            #expect(decoded.map { $0.data.serialized() } == events.map { $0.data.serialized() })
        }
    }

    @Test("is read as earlier versions wrote it, with all members")
    func earlier() throws {
        for (events, _) in Self.usual {
            let list = events.map { #"{"type":"\#($0.type)","data":\#($0.data)}"# }
            let text = "[\(list.joined(separator: ","))]"
            #expect(try EventCoding.decode(Array(text.utf8), of: workflow) == events)
        }
    }

    @Test("tells who has no workflow all but what the workflow says")
    func withoutWorkflow() throws {
        let text = EventCoding.encode(Self.usual[0].events, of: workflow)
        #expect(try EventCoding.decode(text, of: nil).last == Self.started("a", "", input: .none))
    }

    @Test(
        "is refused where it is damaged",
        arguments: ["", "{}", "[1]", "[[]]", "[[1]]", #"[["a",1]]"#, #"[["a",{},{}]]"#, #"[{"type":"a"}]"#])
    func damage(text: String) {
        #expect(throws: UnreadableEvent.self) { try EventCoding.decode(Array(text.utf8), of: workflow) }
    }

    @Test(
        "is no event where something is missing that nobody puts back",
        arguments: [
            #"[["run/completed"]]"#, #"[["step/completed",{"path":"a","decision":"b","progress":[1,3]}]]"#,
            #"[["step/completed",{"path":"a","output":1,"decision":"b","progress":[1]}]]"#,
            #"[["step/started",{"path":"b"}]]"#, #"[["step/started"]]"#, #"[["run/statusChanged"]]"#,
            #"[["agent/turned",{"path":"a"}]]"#,
        ])
    func missing(text: String) throws {
        let error = #expect(throws: UnreadableEvent.self) {
            try EventCoding.decode(Array(text.utf8), of: workflow)
        }
        #expect(error?.type.map { text.hasPrefix("[[\"\($0)\"") } ?? false)
    }
}

extension JSONObject {
    fileprivate func merging(_ name: String, _ value: JSONValue) -> JSONObject {
        var merged = self
        merged[name] = value
        return merged
    }
}
