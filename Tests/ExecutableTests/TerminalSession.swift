import Glibc

/// The executable at a terminal of its own, as a person has it.
final class TerminalSession {
    /// POSIX_SPAWN_SETSID, which Swift's Glibc module hides.
    private static let newSession: Int16 = 0x80

    private let keyboard: Int32
    private let pid: pid_t
    private var bytes: [UInt8] = []

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Starts `fermata` with these words. Its store is `store`, its user "ada".
    init(_ words: [String], store: String) throws(SpawnError) {
        var (master, slave): (Int32, Int32) = (-1, -1)
        var name = [CChar](repeating: 0, count: 128)
        guard openpty(&master, &slave, &name, nil, nil) == 0 else { throw SpawnError(number: errno) }
        defer { close(slave) }
        _ = fcntl(master, F_SETFD, FD_CLOEXEC)
        _ = fcntl(slave, F_SETFD, FD_CLOEXEC)
        var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        // The terminal that the first process of a session opens becomes the one whose Ctrl-C it hears.
        posix_spawnattr_setflags(&attributes, Self.newSession)
        posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
        for descriptor in 1...2 as ClosedRange<Int32> { posix_spawn_file_actions_adddup2(&actions, 0, descriptor) }
        let path = Self.executable
        let environment = ["PATH=/usr/bin:/bin", "HOME=/tmp", "USER=ada", "TERM=xterm", "SWIFT_BACKTRACE=enable=no"]
        var arguments = ([path] + words + ["--store", store]).map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var child: pid_t = 0
        let outcome = posix_spawn(&child, path, &actions, &attributes, &arguments, &variables)
        guard outcome == 0 else {
            close(master)
            throw SpawnError(number: outcome)
        }
        keyboard = master
        pid = child
    }

    deinit { close(keyboard) }

    func type(_ text: String) {
        var text = text
        text.withUTF8 { _ = write(keyboard, $0.baseAddress, $0.count) }
    }

    func send(_ signal: Int32) { kill(pid, signal) }

    /// Reads until the screen has shown `wanted`; false when it ends, or is silent for ten seconds, before.
    func shows(_ wanted: String) -> Bool {
        while !text.contains(wanted) { guard readMore() else { return false } }
        return true
    }

    /// The exit code, once the process has ended. A process that is silent for ten seconds is killed: -9.
    func end() -> Int32 {
        while readMore() {}
        var status: Int32 = 0
        if waitpid(pid, &status, WNOHANG) == 0, kill(pid, 0) == 0, isSilent { kill(pid, SIGKILL) }
        waitpid(pid, &status, 0)
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }

    private var isSilent = false

    private func readMore() -> Bool {
        var readable = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
        guard poll(&readable, 1, 10_000) > 0 else {
            isSilent = true
            return false
        }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(keyboard, &buffer, buffer.count)
        guard count > 0 else { return false }
        bytes += buffer[..<count]
        return true
    }

    /// `fermata` stands beside the bundle of tests.
    private static var executable: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let path = String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.prefix(through: path.lastIndex(of: "/") ?? path.startIndex) + "fermata"
    }
}

struct SpawnError: Error {
    var number: Int32
}
