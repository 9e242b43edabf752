import JournalSuite
import Testing
import WorkflowStore

@Suite("The journal in memory")
struct MemoryJournalTests {
    @Test("keeps to what every journal must", arguments: JournalSuite.checks)
    func suite(check: JournalSuite.Check) throws {
        let store = MemoryStore()
        try check.run { MemoryJournal(store) }
    }

    @Test("ends its open turn when it goes, as a killed engine's would")
    func abandonedTurn() throws {
        let store = MemoryStore()
        do {
            let journal = MemoryJournal(store)
            _ = try journal.begin()
            _ = try journal.insert(newRun("r"))
        }
        let next = MemoryJournal(store)
        #expect(try next.begin() == [])
        #expect(next.run(id: "r") == nil)
    }
}
