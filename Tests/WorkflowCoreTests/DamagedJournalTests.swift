import JSON
import Testing
import WorkflowCore
import WorkflowModel

@Suite("Journals that are damaged")
struct DamagedJournalTests {
    private let flow: JSONValue = [
        "START": "each", "each": ["forEach": ["in": [1, 2], "key": "${item}", "dependsOn": [], "do": call]],
    ]

    /// What the journal of a list makes whose input is this.
    private func replay(_ input: JSONValue) throws -> Run? {
        let table = try Table(flow)
        let begun = StatusChanged(status: .inProgress, isPaused: false, previous: .pending, executionID: "e")
        let start = StepStarted(path: "each", step: "each", kind: "forEach", iteration: 1, attempt: 1, input: input)
        let events: [RunEvent] = [.created(table.run.creation), .statusChanged(begun), .stepStarted(start)]
        return Run.replay(id: "r", workflow: table.run.workflow, events: events.map { ($0, table.now) })
    }

    @Test("A list that was recorded is read back")
    func whole() throws {
        let run = try #require(try replay(["items": [1, 2], "keys": ["1", "2"], "dependsOn": [[], [0]]]))
        #expect(run.active.map(\.path) == ["each", "each[0]"])
    }

    @Test(
        "A list that does not fit together is refused",
        arguments: [
            5, [:], ["items": 5], ["items": [1, 2]], ["items": [1, 2], "keys": ["1", "2"]],
            ["items": [1, 2], "keys": ["1"], "dependsOn": [[], [0]]],
            ["items": [1, 2], "keys": ["1", "2"], "dependsOn": [[]]],
            ["items": [1, 2], "keys": ["1", "2"], "dependsOn": [[], [2]]],
            ["items": [1, 2], "keys": ["1", "2"], "dependsOn": [[-1], []]],
        ] as [JSONValue])
    func damaged(input: JSONValue) throws {
        #expect(try replay(input) == nil)
    }

    @Test("A journal begins with the creation, and has no other")
    func creation() throws {
        let table = try Table(flow)
        let created = RunEvent.created(table.run.creation)
        let logged = RunEvent.logged(LogEntry(level: .info, message: "Hello.", step: nil))
        for events in [[], [logged], [logged, created], [created, created]] {
            let run = Run.replay(id: "r", workflow: table.run.workflow, events: events.map { ($0, table.now) })
            #expect(run == nil)
        }
    }

    @Test("A journal that begins again from the start while a step is under way leaves two at one path, and is refused")
    func twoAtOnePath() throws {
        let table = try Table(["START": "a", "a": ["call": "work"]])
        let begun = StatusChanged(status: .inProgress, isPaused: false, previous: .pending, executionID: "e")
        var anew = begun
        anew.from = .start
        func replay(_ changes: [StatusChanged]) -> Run? {
            let events = [.created(table.run.creation)] + changes.map { RunEvent.statusChanged($0) }
            return Run.replay(id: "r", workflow: table.run.workflow, events: events.map { ($0, table.now) })
        }
        #expect(replay([begun])?.active.map(\.path) == ["a"])
        #expect(replay([begun, anew]) == nil)
    }

    @Test("Counts that no run comes to cannot be read", arguments: [-1, 1 << 31, .max])
    func counts(number: Int) {
        let start: JSONValue = [
            "path": "a", "step": "a", "kind": "call", "iteration": 1, "attempt": JSONValue(number),
        ]
        #expect(throws: UnreadableEvent.self) { try RunEvent(type: "step/started", data: start) }
    }
}
