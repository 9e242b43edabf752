import Glibc
import Testing

@Suite("A program that is killed")
struct KillTests {
    @Test(
        "Killed at each boundary and inside each step, it resumes to the same output, and does nothing again that is recorded"
    )
    func resumes() throws {
        let folder = try Folder()
        let whole = try folder.run("whole")
        #expect(whole.output == "acme/app@main for linux, acme/app@main for mac, by ann\n")
        var kills = 0
        for moment in 0..<40 {
            let name = "k\(moment)"
            let first = try folder.run(name, moment)
            guard first.isKilled else { break }
            kills += 1
            let second = try folder.run(name)
            #expect(second.output == whole.output, "killed at moment \(moment)")
            let done = folder.trace(name)
            // At most the steps that were under way ran again: one, or the two that run beside each other.
            #expect(Set(done) == Set(folder.trace("whole")))
            #expect(done.count <= 4 + 2, "killed at moment \(moment): \(done)")
            #expect(Set(done.filter { step in done.count { $0 == step } > 2 }).isEmpty)
        }
        // Five boundaries of the function, and two moments inside each of its four steps.
        #expect(kills == 13)
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

    func run(_ name: String, _ moment: Int? = nil) throws -> (output: String, isKilled: Bool) {
        let output = "\(path)/\(name).out"
        let arguments = ["\(path)/\(name).db", "\(path)/\(name).trace"] + (moment.map { ["\($0)"] } ?? [])
        let status = try Process.run(Process.products + "/deploy-test-program", arguments, into: output)
        return (Process.text(output), status == SIGKILL)
    }

    func trace(_ name: String) -> [String] {
        Process.text("\(path)/\(name).trace").split(separator: "\n").map(String.init)
    }
}
