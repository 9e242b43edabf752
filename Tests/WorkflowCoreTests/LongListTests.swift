import JSON
import Testing
import WorkflowCore
import WorkflowModel

@Suite("Long lists and deep flows")
struct LongListTests {
    private func forEach(_ members: JSONObject) -> JSONValue {
        var step: JSONObject = ["in": "${input}", "do": call]
        for (name, value) in members { step[name] = value }
        return ["START": "each", "each": ["forEach": .object(step)]]
    }

    /// Each element waits for the one before it.
    private func chain(of count: Int) -> JSONValue {
        .array((0..<count).map { ["id": "\($0)", "after": $0 == 0 ? [] : ["\($0 - 1)"]] })
    }

    private let byID: JSONObject = ["key": "${item.id}", "dependsOn": "${item.after}"]

    @Test("A document that sets no limit has a thousand elements open at most")
    func unlimited() throws {
        let items = JSONValue.array((0..<1500).map { JSONValue($0) })
        var table = try Table(forEach([:]), options: ["budget": ["maxSteps": 2000]], input: items)
        try table.start()
        #expect(table.run.active.count(where: \.isPerformed) == 1000)
        for place in 0..<500 { try table.succeed("each[\(place)]") }
        #expect(table.run.active.count(where: \.isPerformed) == 1000)
        try table.succeed("each[500]")
        #expect(table.run.active.count(where: \.isPerformed) == 999)
    }

    @Test("Ten thousand elements, eight at a time")
    func wide() throws {
        let count = 10_000
        let items = JSONValue.array((0..<count).map { JSONValue($0) })
        var table = try Table(
            forEach(["maxConcurrency": 8]), options: ["budget": ["maxSteps": JSONValue(count + 1)]], input: items)
        try table.start()
        let time = try ContinuousClock().measure {
            for place in 0..<count { try table.succeed("each[\(place)]", JSONValue(place)) }
        }
        #expect(table.run.output == items)
        #expect(time < .seconds(20), "\(time)")
    }

    @Test("Elements that all wait for each other are done in their order")
    func ordered() throws {
        let count = 300
        var table = try Table(forEach(byID), input: chain(of: count))
        try table.start()
        for place in 0..<count {
            #expect(table.run.active.count == 2)
            try table.succeed("each[\(place)]")
        }
        #expect(table.run.status == .completed)
    }

    @Test("Ten thousand elements that wait for one that fails fail with it")
    func lost() throws {
        let count = 10_000
        var members = byID
        members["failureStrategy"] = "collect-all"
        var table = try Table(forEach(members), input: chain(of: count))
        try table.start()
        try table.fail("each[0]")
        #expect(table.run.status == .completed)
        #expect(table.run.output?.array?.count { $0["status"] == "failed" } == count)
        #expect(table.run.output?[7]?["error"]?["message"] == "\"6\", which it depends on, failed.")
    }

    @Test("Sixty steps within each other end one after another")
    func deep() throws {
        var step: JSONValue = call
        for _ in 0..<60 { step = ["parallel": ["p": step]] }
        var table = try Table(["START": "s", "s": step])
        try table.start()
        let path = try #require(table.run.active.last?.path)
        try table.succeed(path, 1)
        #expect(table.run.status == .completed)
        #expect(table.run.seq < 300)
    }

    @Test("Thousands of steps are undone, the newest first")
    func undone() throws {
        let count = 3000
        let step: JSONValue = ["set": ["n": "${item}"], "compensate": ["set": ["n": "${state.n - 1}"]]]
        let flow: JSONValue = [
            "START": "each", "each": ["forEach": ["in": "${input}", "do": step, "maxConcurrency": 8], "next": "b"],
            "b": ["fail": ["kind": "test.said", "message": "No."]],
        ]
        let items = JSONValue.array((0..<count).map { JSONValue($0) })
        var table = try Table(flow, options: ["budget": ["maxSteps": JSONValue(count + 2)]], input: items)
        try table.start()
        #expect(table.run.status == .failed)
        #expect(table.run.state["n"] == -1)
    }
}
