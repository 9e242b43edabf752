import Dispatch
import JournalSuite
import SQLiteStore
import Testing
import WorkflowModel
import WorkflowStore

@Suite("The watch on a store")
struct StoreWatcherTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.file("x.db") }

    @Test("tells of commits, also after the -wal file was removed and made again")
    func tells() throws {
        let told = DispatchSemaphore(value: 0)
        let path = path
        let watcher = try StoreWatcher(path: path) { _ in told.signal() }
        for round in 1...3 {
            let journal = try SQLiteJournal(at: .file(path))
            try journal.turn { try $0.insert(newRun("r\(round)")) }
            #expect(told.wait(timeout: .now() + 5) == .success, "round \(round)")
            // What is told again of this round is not to count for the next.
            while told.wait(timeout: .now()) == .success {}
        }
        withExtendedLifetime(watcher) {}
    }

    @Test("lets who looks when told find what was committed")
    func look() throws {
        let (writer, reader) = (try SQLiteJournal(at: .file(path)), try SQLiteJournal(at: .file(path)))
        let told = DispatchSemaphore(value: 0)
        let watcher = try StoreWatcher(path: path) { _ in told.signal() }
        let key = try writer.turn { try $0.insert(newRun("r")) }
        try writer.turn { try $0.append(run: key, firstSeq: 1, at: .init(milliseconds: 0), events: events(1)) }
        var found: [JournalEntry] = []
        while found.isEmpty, told.wait(timeout: .now() + 5) == .success { found += try reader.poll() }
        #expect(found.map(\.run) == [key])
        withExtendedLifetime(watcher) {}
    }

    @Test("is silent when it has stopped, and when another file of the folder changes")
    func silent() throws {
        let (told, toldOther) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let journal = try SQLiteJournal(at: .file(path))
        let other = try StoreWatcher(path: folder.file("other.db")) { _ in toldOther.signal() }
        let stopped = try StoreWatcher(path: path) { _ in toldOther.signal() }
        _ = consume stopped
        let watcher = try StoreWatcher(path: path) { _ in told.signal() }
        try journal.turn { try $0.insert(newRun("r")) }
        for _ in 1...2 { #expect(told.wait(timeout: .now() + 5) == .success) }
        withExtendedLifetime((watcher, other)) {}
        #expect(toldOther.wait(timeout: .now()) == .timedOut)
    }
}
