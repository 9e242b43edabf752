import JSON
import Testing

@Suite("A program that is not the one it was")
struct ChangedProgramTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// A program that asks for these steps, one after the other, and is left when it has come to the end of them.
    private func record(_ keys: [String]) throws {
        let client = try Client(in: folder)
        try client.hostPrograms("deploy")
        try client.call("run/create", started("r", "deploy"))
        let program = try client.program()
        for key in keys { try program.step(key) { _, _ in .string(key) } }
        client.closeInput()
        try client.waitForExit()
    }

    private func host() throws -> (Client, Program) {
        let client = try Client(in: folder)
        try client.hostPrograms("deploy")
        return (client, try client.program())
    }

    /// What it asks for; what it is told to expect; what it is told that was found, nil at its end.
    static let changes: [(asks: [String], expected: JSONValue, found: JSONValue?)] = [
        (["a", "x"], "b", "x"), (["x"], "a", "x"), (["b"], "a", "b"), (["a", "c"], "b", "c"), ([], "a", nil),
        (["a", "b"], "c", nil),
    ]

    @Test("is told so, with both keys, and the run waits for the right one, which goes on", arguments: changes)
    func changed(asks: [String], expected: JSONValue, found: JSONValue?) throws {
        try record(["a", "b", "c"])
        let (client, program) = try host()
        if found == nil {
            for key in asks { try program.step(key) { _, _ in 0 } }
            try program.end("wrong")
        } else {
            for key in asks.dropLast() { try program.step(key) { _, _ in 0 } }
            let error = try program.error(program.ask("step/begin", asks[asks.count - 1]))
            #expect(error["data"]?["kind"] == "workflow.changed")
            #expect(error["data"]?["expected"] == expected)
            #expect(error["data"]?["found"] == found)
            _ = try client.next("$/cancelRequest") { $0["method"] == "$/cancelRequest" }
        }
        let run = try client.call("run/get", ["runId": "r"])
        #expect(run["status"] == "in-progress")
        let wait = run["waitingFor"]?[0]
        #expect(wait?["kind"] == "handler")
        #expect(wait?["handler"] == "deploy")
        #expect(wait?["expected"] == expected)
        #expect(wait?["found"] == found)
        client.closeInput()
        try client.waitForExit()

        let (right, again) = try host()
        for key in ["a", "b", "c"] { #expect(try again.step(key) { _, _ in 0 } == .string(key)) }
        try again.end("right")
        #expect(try right.runResult(of: "r")["output"] == "right")
    }

    @Test("is told so at once when it asks for another kind of step under a recorded key")
    func otherKind() throws {
        try record(["a"])
        let (_, program) = try host()
        let error = try program.error(program.ask("step/perform", "a", ["step": ["wait": ["durationMs": 1]]]))
        #expect(error["data"]?["kind"] == "workflow.changed")
    }

    @Test("is called again in the same session when the run is paused and resumed")
    func sameSession() throws {
        try record(["a"])
        let (client, program) = try host()
        try program.end("wrong")
        try client.call("run/pause", ["runId": "r"])
        try client.call("run/resume", ["runId": "r"])
        let again = try client.program()
        #expect(try again.step("a") { _, _ in 0 } == "a")
        try again.end("right")
        #expect(try client.runResult(of: "r")["output"] == "right")
    }

    @Test("Steps begun together may be asked for in any order, and their ends come as they were recorded")
    func concurrent() throws {
        let first = try Client(in: folder)
        try first.hostPrograms("deploy")
        try first.call("run/create", started("r", "deploy"))
        let program = try first.program()
        for key in ["a", "b"] { _ = try program.result(program.ask("step/begin", key)) }
        for key in ["b", "a"] { _ = try program.result(program.ask("step/complete", key, ["output": .string(key)])) }
        try program.step("after b") { _, _ in 1 }
        first.closeInput()
        try first.waitForExit()

        let (client, again) = try host()
        let ids = try ["b", "a"].map { try again.ask("step/begin", $0) }
        let next = try again.ask("step/begin", "after b")
        for id in ids { #expect(try again.result(id)["recorded"] != nil) }
        #expect(try again.result(next)["recorded"] == 1)
        let answered = client.transcript.compactMap { $0["method"] == nil ? $0["id"] : nil }
        #expect(answered.suffix(3) == [ids[0], ids[1], next])
    }
}
