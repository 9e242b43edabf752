import JSON
import Testing
import WorkflowCore
import WorkflowModel

@Suite("Waits and signals")
struct SignalTests {
    private func waiting(_ conditions: JSONValue) -> JSONValue {
        ["START": "w", "w": ["wait": conditions, "next": "END"]]
    }

    private func signal(_ name: String, _ payload: JSONValue? = nil, key: String? = nil) -> Command {
        .signal(Signal(name: name, payload: payload, idempotencyKey: key))
    }

    @Test("A signal ends the wait for it, and only that")
    func signal() throws {
        var table = try Table(waiting(["signal": "go"]))
        try table.start()
        #expect(table.run.status == .inProgress)
        #expect(table.run.nextDeadline(after: table.now) == nil)
        #expect(try table.decide(signal("stay")) == ["execution/signalReceived"])
        try table.decide(signal("go", ["n": 1]))
        #expect(table.run.output == ["fired": "signal", "signal": "go", "payload": ["n": 1]])
        #expect(try table.replayed().output == table.run.output)
    }

    @Test("A signal that came before the wait, or before the start, is kept for it")
    func early() throws {
        var table = try Table(waiting(["signal": "go"]))
        try table.decide(signal("go", 1))
        try table.start()
        #expect(table.run.output?["payload"] == 1)
    }

    @Test("First in, first out; each wait takes one")
    func queue() throws {
        let flow: JSONValue = [
            "START": "w",
            "w": [
                "wait": ["signal": "go"], "set": ["all": "${state.all + [result.payload]}"],
                "next": [["when": "iteration < 2", "to": "w"], ["to": "END"]],
            ],
        ]
        var table = try Table(flow, with: ["state": ["all": []]])
        for number in 1...3 { try table.decide(signal("go", JSONValue(number))) }
        try table.start()
        #expect(table.run.state["all"] == [1, 2])
    }

    @Test("Of several conditions the first wins, the others are withdrawn")
    func several() throws {
        let conditions: JSONValue = [["durationMs": 100], ["signal": "go"], ["until": "1970-01-01T00:20:00Z"]]
        var table = try Table(waiting(conditions))
        try table.start()
        #expect(table.run.nextDeadline(after: table.now) == table.now + .milliseconds(100))
        table.pass(100)
        try table.decide(.advance)
        #expect(table.run.output == ["fired": "duration"])

        table = try Table(waiting(conditions))
        try table.start()
        try table.decide(signal("go"))
        #expect(table.run.output == ["fired": "signal", "signal": "go"])

        table = try Table(waiting([["durationMs": 500_000], ["until": "1970-01-01T00:20:00Z"]]))
        try table.start()
        #expect(table.run.nextDeadline(after: table.now) == Timestamp(milliseconds: 1_200_000))
        table.pass(200_000)
        try table.decide(.advance)
        #expect(table.run.output == ["fired": "time"])
    }

    @Test("A signal's key makes its repetition do nothing, and another signal under it a conflict")
    func idempotency() throws {
        var table = try Table(waiting(["signal": "go"]))
        try table.decide(signal("go", 1, key: "k"))
        #expect(try table.decide(signal("go", 1, key: "k")).isEmpty)
        guard case .signalConflict(key: "k")? = refusal({ try table.decide(signal("go", 2, key: "k")) }) else {
            Issue.record("Two signals went under one key.")
            return
        }
        try table.start()
        #expect(try table.replayed().signalKeys.count == 1)
    }

    @Test("Signals that nobody takes are bounded; a run that is over takes none")
    func bounds() throws {
        var table = try Table(waiting(["signal": "go"]))
        for _ in 0..<1000 { try table.decide(signal("other")) }
        guard case .tooManySignals? = refusal({ try table.decide(signal("other")) }) else {
            Issue.record("The queue is not bounded.")
            return
        }
        try table.decide(.cancel(reason: nil))
        guard case .invalidTransition? = refusal({ try table.decide(signal("go")) }) else {
            Issue.record("A cancelled run took a signal.")
            return
        }
    }

    @Test("While it is paused a wait takes its signal, and the next step does not start")
    func paused() throws {
        let flow: JSONValue = ["START": "w", "w": ["wait": ["signal": "go"], "next": "a"], "a": call]
        var table = try Table(flow)
        try table.start()
        try table.decide(.pause)
        #expect(try table.decide(signal("go")) == ["execution/signalReceived", "step/completed"])
        #expect(try table.decide(.resume).last == "step/started")
    }

    @Test("What is no time and no duration fails the step", arguments: ["until", "durationMs"])
    func invalid(member: String) throws {
        var condition = JSONObject()
        condition[member] = "${input}"
        var table = try Table(waiting(.object(condition)), input: "soon")
        try table.start()
        #expect(table.run.failure?.kind == "wait.invalid")
    }

    @Test("A wait for longer than time can be written ends with it, and reads back as itself")
    func endless() throws {
        var table = try Table(waiting(["durationMs": JSONValue(Int.max)]))
        try table.start()
        #expect(table.run.nextDeadline(after: table.now) == .latest)
        #expect(try table.replayed().nextDeadline(after: table.now) == .latest)
    }
}
