import CSystem
import Glibc

/// What a command of the executable said, and its exit code.
struct CommandLineRun {
    let exitCode: Int32
    let output: String
    let complaints: String

    /// Runs `fermata` with these words on the folder's store, to its end. A `shell` command comes first, and its last
    /// act is to become the executable.
    init(_ words: [String], in folder: Folder, after shell: String = "true", input: String = "") throws {
        let name = "said-\(UInt64.random(in: 0...(.max)))"
        let script = "\(shell); exec \"$0\" \"$@\" >'\(folder[name])' 2>'\(folder[name]).err' <'\(folder[name]).in'"
        try folder.write(input, to: name + ".in")
        let words = ["sh", "-c", script, try Client.executable()] + words + ["--store", folder.store]
        var pid: pid_t = 0
        let status = Client.withCStrings(words) { words in
            Client.withCStrings(["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=\(folder.path)"]) { environment in
                fermata_spawn(&pid, words, environment, folder.path, [-1, 2, 2])
            }
        }
        guard status == 0 else { throw Trouble("cannot start fermata: \(status)") }
        var ending: Int32 = 0
        waitpid(pid, &ending, 0)
        exitCode = ending & 0x7F == 0 ? ending >> 8 & 0xFF : -(ending & 0x7F)
        output = folder.text(of: name) ?? ""
        complaints = folder.text(of: name + ".err") ?? ""
    }
}
