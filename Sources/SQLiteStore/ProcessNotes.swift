internal import CSystem
internal import Glibc
internal import Synchronization
internal import WorkflowStore

/// The processes that an engine has started, as lines in its own file: `began LEADER TICKS RUN`, `ended LEADER`.
///
/// Not in the journal, and not synced: a process lives no longer than the memory of the machine, and that is all the
/// file must outlive the engine by.
final class ProcessNotes: ProcessLedger {
    private let file = Mutex<Int32?>(nil)

    func open(_ descriptor: Int32) {
        file.withLock { $0 = descriptor }
        // After a reboot every id and every tick may be another process's.
        write("boot \(Self.boot())\n")
    }

    func close() {
        file.withLock { $0 = nil }
    }

    func began(_ leader: Int32, run: String) {
        if let ticks = Self.startTicks(ofProcess: leader) { write("began \(leader) \(ticks) \(run)\n") }
    }

    func ended(_ leader: Int32) {
        write("ended \(leader)\n")
    }

    private func write(_ line: String) {
        file.withLock { file in
            guard let file else { return }
            var line = line
            // A note that does not fit on the disk leaves the processes to themselves, and the run goes on.
            line.withUTF8 { _ = Glibc.write(file, $0.baseAddress, $0.count) }
        }
    }

    /// Kills what is left of the groups noted in a file: those of a run, or all.
    static func endAll(notedIn path: String, of run: String?) {
        for group in groups(in: contents(of: path), of: run) where group.isStillThere {
            let leader = fermata_pidfd_open(group.leader)
            kill(-group.leader, SIGKILL)
            guard leader >= 0 else { continue }
            // Nothing of the old attempt may be at work when the next one begins; one whom the kernel holds is not
            // waited for without end.
            var end = pollfd(fd: leader, events: Int16(POLLIN), revents: 0)
            poll(&end, 1, 1000)
            Glibc.close(leader)
        }
    }

    /// A process group, told from every other that had or will have its leader's id.
    struct Group: Equatable {
        var leader: Int32
        /// When its leader started, in the kernel's ticks since the machine did.
        var startedAt: UInt64

        /// Where its leader is gone, the id stays the group's for as long as it has a member.
        fileprivate var isStillThere: Bool {
            guard let ticks = startTicks(ofProcess: leader) else { return kill(-leader, 0) == 0 }
            return ticks == startedAt
        }
    }

    /// The groups that began in this boot of the machine and were not seen to end.
    static func groups(in text: String, of run: String?) -> [Group] {
        var open: [Group] = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3)
            guard words.count > 1 else { continue }
            switch words[0] {
            case "boot": if words[1] != boot() { return [] }
            case "ended": open.removeAll { $0.leader == Int32(words[1]) }
            case "began":
                guard words.count == 4, let leader = Int32(words[1]), leader > 1, let ticks = UInt64(words[2]),
                    run == nil || words[3] == run!
                else { continue }
                open.append(Group(leader: leader, startedAt: ticks))
            default: continue
            }
        }
        return open
    }

    /// When a process started; nil when there is none of that id.
    static func startTicks(ofProcess id: Int32) -> UInt64? {
        // The second field is the program's name in parentheses, and may hold anything; the start is the 22nd.
        let fields = contents(of: "/proc/\(id)/stat").split(separator: ")").last
        let ticks = fields?.split(separator: " ").dropFirst(19).first
        return ticks.flatMap { UInt64($0) }
    }

    static func boot() -> Substring {
        contents(of: "/proc/sys/kernel/random/boot_id").prefix { $0 != "\n" }
    }
}

private func contents(of path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = read(descriptor, &chunk, chunk.count)
        guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes += chunk[..<count]
    }
}
