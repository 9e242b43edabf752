import JSON
import Testing
import WorkflowCore
import WorkflowModel

@Suite("Agents over a crash")
struct AgentCrashTests {
    /// What the model says in each turn, whoever asks.
    private static func answer(turn: Int, of turns: Int, size: Int = 1) -> ModelAnswer {
        let text = String(repeating: "thought \(turn) ", count: size)
        guard turn < turns else { return ModelAnswer(text: "the end") }
        let input: JSONValue = ["q": .string(String(repeating: "q", count: size))]
        return ModelAnswer(text: text, calls: [ModelAnswer.Call(id: "call-\(turn)", tool: "search", input: input)])
    }

    /// Performs whatever the run wants until it has ended, and notes what was performed.
    private func play(_ table: inout Table, turns: Int, size: Int = 1, noting performed: inout [String]) throws {
        while !table.run.status.isTerminal {
            guard case .startAttempt(let path, let number)? = table.run.effects(underWay: []).first else {
                Issue.record("Nothing is wanted in \(table.run.active.map(\.phase)).")
                return
            }
            if path == "coder" {
                let turn = (table.run.conversations[path]?.turns.count ?? 0) + 1
                performed.append("turn \(turn)")
                let answer = Self.answer(turn: turn, of: turns, size: size)
                try table.decide(.modelAnswered(path: path, number: number, answer))
            } else {
                performed.append(path)
                let result = JSONValue.string(String(repeating: "r", count: size))
                try table.decide(.attemptSucceeded(path: path, number: number, output: result))
            }
        }
    }

    @Test("Wherever a crash comes, no recorded turn is asked for again, and no tool called that has returned")
    func everyAppend() throws {
        let turns = 10
        let flow = AgentTests.flow()
        var whole = try Table(flow)
        try whole.start()
        var performed: [String] = []
        try play(&whole, turns: turns, noting: &performed)
        #expect(performed.count == 2 * turns - 1)
        for count in whole.appends.dropLast() {
            var table = try Table(flow)
            table.restore(whole.taken.prefix(count))
            if table.run.status == .pending { try table.start() } else { try table.decide(.takeOver) }
            let recorded = whole.taken.prefix(count).reduce(into: (turns: 0, calls: 0)) { known, event in
                if case .agentTurned = event { known.turns += 1 }
                if case .toolReturned = event { known.calls += 1 }
            }
            var again: [String] = []
            try play(&table, turns: turns, noting: &again)
            #expect(again == Array(performed.dropFirst(recorded.turns + recorded.calls)), "after \(count) events")
            #expect(table.run.output?["text"] == whole.run.output?["text"])
            #expect(table.run.output?["toolCalls"] == whole.run.output?["toolCalls"])
        }
    }

    @Test(
        "The journal of a long conversation is less than three times as long as the conversation", arguments: [20, 200])
    func size(of words: Int) throws {
        let turns = 50
        var table = try Table(AgentTests.flow(["maxTurns": 50]))
        try table.start()
        var performed: [String] = []
        try play(&table, turns: turns, size: words, noting: &performed)
        #expect(table.run.status == .completed)
        var said = 0
        for turn in 1...turns {
            let answer = Self.answer(turn: turn, of: turns, size: words)
            said += answer.text.utf8.count + words
            for call in answer.calls {
                let message: JSONValue = ["id": .string(call.id), "name": .string(call.tool), "input": call.input]
                said += message.serialized().utf8.count
            }
        }
        let journal = table.taken.reduce(0) { sum, event in
            var writer = JSONWriter()
            writer.beginObject()
            writer.field("type", event.type)
            writer.key("data")
            writer.beginObject()
            event.writeData(to: &writer)
            writer.endObject()
            writer.endObject()
            return sum + writer.bytes.count + 1
        }
        #expect(Double(journal) < 3 * Double(said), "\(journal) bytes for \(said)")
    }
}
