import JSON
import Testing
import WorkflowCore
import WorkflowModel

@Suite("Steps that are runs")
struct ChildTests {
    private let flow: JSONValue = [
        "START": "c", "c": ["workflow": "other", "with": ["n": "${input}"], "retry": ["attempts": 2]],
    ]

    @Test("The child's id, version and input are recorded when the step starts; its end is the step's")
    func child() throws {
        var table = try Table(flow, input: 5)
        try table.start()
        let input = try #require(table.run.active.first?.input)
        #expect(input["workflow"] == "other")
        #expect(input["version"] == "1")
        #expect(input["input"] == ["n": 5])
        let id = try #require(table.run.children.first)
        #expect(input["runId"] == .string(id))
        // A body's interruption is nothing to a child, which goes on by itself.
        #expect(try table.decide(.takeOver).isEmpty)
        #expect(try table.decide(.childEnded(path: "c", runID: "another", .completed(output: 1))).isEmpty)
        try table.decide(.childEnded(path: "c", runID: id, .completed(output: ["x": 1])))
        #expect(table.run.output == ["x": 1])
    }

    @Test("A child that fails fails its step; the next attempt has a child of its own")
    func failure() throws {
        var table = try Table(flow)
        try table.start()
        let id = try #require(table.run.children.first)
        let failure = Failure(kind: "test.failed", message: "It failed.")
        try table.decide(.childEnded(path: "c", runID: id, .failed(failure)))
        let second = try #require(table.run.children.first)
        #expect(second != id)
        #expect(table.run.active.first?.attempt == 2)
        try table.decide(.childEnded(path: "c", runID: second, .cancelled(reason: "no")))
        #expect(table.run.failure?.kind == "workflow.cancelled")
    }

    @Test("A parent whose only work is an awaiting child awaits")
    func awaiting() throws {
        var table = try Table(flow)
        try table.start()
        #expect(table.run.status == .inProgress)
        let id = try #require(table.run.children.first)
        table.children[id] = .awaiting
        try table.decide(.advance)
        #expect(table.run.status == .awaiting)
        table.children[id] = .inProgress
        try table.decide(.advance)
        #expect(table.run.status == .inProgress)
    }

    @Test("An unknown workflow fails the step")
    func unknown() throws {
        var table = try Table(["START": "c", "c": ["workflow": "nowhere"]])
        try table.start()
        #expect(table.run.failure?.kind == "workflow.notFound")
    }
}
