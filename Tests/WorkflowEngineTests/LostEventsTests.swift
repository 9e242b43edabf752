import JSON
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// Of three steps the first two are done, and what the first one left, the events 4 and 5, is missing from the journal.
@Suite("A journal that lacks events in its midst is damaged")
struct LostEventsTests {
    private let world = World()
    private let bench: Bench

    init() throws {
        let dead = world.engine()
        try dead.start(three)
        for path in ["r/a", "r/b"] { dead.succeed(path) }
        world.kill(dead)
        bench = world.engine("B", beginsEffects: false)
        bench.journal.lost = [4]
    }

    private func isTold(_ error: EngineError?, _ missing: String = "4 to 5") -> Bool {
        guard case .store(let error) = error else { return false }
        return error == .corrupt("The journal of the run r lacks its events \(missing).")
    }

    @Test("Where the last ones are missing the run's row tells it, once the run stood still")
    func end() throws {
        bench.journal.lost = []
        bench.beginEffects()
        bench.succeed("r/c")
        world.kill(bench)
        let next = world.engine("C", beginsEffects: false)
        #expect(try next.run().status == .completed)
        let after = world.engine("D", beginsEffects: false)
        after.journal.lost = [10]
        #expect(isTold(refusal { try after.run() }, "10 to 12"))
        let row = try after.row()
        #expect(
            isTold(
                refusal { try after.engine.events(of: row, afterSeq: 0, limit: .max, maxBytes: .max) }, "10 to 12"))
    }

    @Test("It is not the run that never came to them: nothing of it begins again")
    func takeOver() throws {
        bench.beginEffects()
        #expect(bench.bodies.started.isEmpty)
        #expect(isTold(refusal { try bench.run() }))
        #expect(isTold(refusal { try bench.perform(.cancel(reason: nil)) }))
        bench.journal.lost = []
        #expect(try bench.types().count == 7, "Nothing was written.")
    }

    @Test("It has no state after an event that is missing, nor after one that is there", arguments: [4, 5, 6])
    func state(seq: Int) throws {
        let row = try bench.row()
        #expect(isTold(refusal { try bench.engine.run(row, atSeq: seq) }))
    }

    @Test("No page of its events passes over the gap", arguments: [0, 2, 3])
    func pages(after seq: Int) throws {
        let row = try bench.row()
        let page = { [bench] after in try bench.engine.events(of: row, afterSeq: after, limit: .max, maxBytes: .max) }
        #expect(isTold(refusal { try page(seq) }))
        #expect(try page(5).map(\.seq) == [6, 7])
    }
}
