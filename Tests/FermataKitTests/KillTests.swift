import Glibc
import SQLiteStore
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("A program that is killed")
struct KillTests {
    /// The steps with bodies, by what the trace calls their work.
    private static let steps = [
        "clone": "clone", "build linux": "1.build", "build mac": "2.build", "deploy": "deploy",
    ]
    private static let output = "acme/app@main for linux, acme/app@main for mac, by ann\n"

    @Test(
        "Killed at each boundary and inside each step, it resumes to the same output, and does nothing again that is recorded"
    )
    func resumes() throws {
        let folder = try Folder()
        #expect(try folder.run("whole").output == Self.output)
        let moments = folder.lines("whole.trace.moments")
        // Before and after the start, around each of six steps, at both ends of each body, and while the run waits or sleeps.
        #expect(moments.count == 22 && Set(moments).count == 22, "\(moments)")
        for (place, moment) in moments.enumerated() {
            let name = "k\(place)"
            #expect(try folder.run(name, killedAt: moment).isKilled, "\(moment)")
            let recorded = try folder.recorded(name)
            let before = folder.lines("\(name).trace")
            #expect(recorded.allSatisfy { step in before.count { Self.steps[$0] == step } >= 1 })

            #expect(try folder.run(name).output == Self.output, "killed at: \(moment)")
            let after = folder.lines("\(name).trace")
            #expect(try folder.recorded(name) == Set(Self.steps.values), "killed at: \(moment)")
            for (work, step) in Self.steps {
                let (once, twice) = (before.count { $0 == work }, after.count { $0 == work })
                // What was recorded is not done again, and what was not is done once more.
                #expect(twice == (recorded.contains(step) ? once : once + 1), "\(work), killed at: \(moment)")
            }
        }
    }
}

/// A folder of its own for each test, with the stores and traces of programs.
private final class Folder {
    private let path: String

    init() throws {
        var template = Array("/tmp/fermata-kit-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
    }

    deinit {
        _ = try? Process.run("/bin/rm", ["-rf", path], into: "/dev/null")
    }

    func run(_ name: String, killedAt moment: String? = nil) throws -> (output: String, isKilled: Bool) {
        let output = "\(path)/\(name).out"
        let arguments = ["\(path)/\(name).db", "\(path)/\(name).trace"] + (moment.map { [$0] } ?? [])
        let status = try Process.run(Process.products + "/deploy-test-program", arguments, into: output)
        return (Process.text(output), status == SIGKILL)
    }

    func lines(_ file: String) -> [String] {
        Process.text("\(path)/\(file)").split(separator: "\n").map(String.init)
    }

    /// The steps with bodies that the journal has the end of.
    func recorded(_ name: String) throws -> Set<String> {
        let journal = try SQLiteJournal(at: .file("\(path)/\(name).db"))
        let engine = Engine(mailbox: Mailbox(), environment: .live)
        engine.open(journal, LoneEngine(engineID: "reader"))
        guard let row = try journal.run(id: "deploy") else { return [] }
        let events = try engine.events(of: row, afterSeq: 0, limit: .max, maxBytes: .max)
        let ended = events.compactMap { recorded -> String? in
            if case .stepCompleted(let end) = recorded.event { end.path } else { nil }
        }
        return Set(ended).intersection(["clone", "1.build", "2.build", "deploy"])
    }
}
