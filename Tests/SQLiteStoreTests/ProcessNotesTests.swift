import Glibc
import Testing

@testable import SQLiteStore

@Suite("The processes an engine has noted")
struct ProcessNotesTests {
    private let boot = "boot \(ProcessNotes.boot())\n"

    @Test("are those that began and were not seen to end, of one run or of all")
    func reading() {
        let text = boot + "began 10 100 r\nbegan 11 110 other run\nended 10\nbegan 10 200 r\nbegan 12 120 r\nended 12\n"
        #expect(ProcessNotes.groups(in: text, of: nil).map(\.leader) == [11, 10])
        #expect(ProcessNotes.groups(in: text, of: "r") == [ProcessNotes.Group(leader: 10, startedAt: 200)])
        #expect(ProcessNotes.groups(in: text, of: "other run").map(\.leader) == [11])
    }

    @Test("mean nothing after the machine has started anew, and a line that was cut off means nothing")
    func otherBoot() {
        #expect(ProcessNotes.groups(in: "boot other\nbegan 10 100 r\n", of: nil).isEmpty)
        #expect(ProcessNotes.groups(in: boot + "began 10\nbegan 0 1 r\nbegan -5 1 r\nbe", of: nil).isEmpty)
    }

    @Test("A process is known by when it started")
    func ticks() throws {
        let own = try #require(ProcessNotes.startTicks(ofProcess: getpid()))
        #expect(own > 0)
        #expect(ProcessNotes.startTicks(ofProcess: getpid()) == own)
        #expect(ProcessNotes.startTicks(ofProcess: .max) == nil)
    }
}
