import CSystem
import Contract
import Glibc
import JSON
import Testing

/// The executable as a client has it: spawned, both pipes in hand, everything it said kept in order.
///
/// All is done on the test's thread. What waits, waits for bytes, and never longer than `patience`.
final class Client {
    enum Framing: CaseIterable {
        case lines, headers
    }

    enum Exit: Equatable {
        case code(Int32)
        case signal(Int32)
    }

    private struct Entry {
        var message: JSONValue
        var isTaken = false
    }

    /// How long a test waits for something that must happen, in milliseconds.
    static let patience = 60_000

    let pid: pid_t
    let framing: Framing
    /// While false, nothing is read: a client that does not listen.
    var isListening = true
    /// Performs the steps that are called, as soon as they are: their params to their output.
    var perform: ((JSONValue) -> JSONValue)?

    private let complaints: String
    private var input: Int32
    private var output: Int32
    private var entries: [Entry] = []
    private var unsent: [UInt8] = []
    private var received: [UInt8] = []
    /// How much of what was received holds no line's end.
    private var scanned = 0
    /// How many messages `messages` has passed.
    private var listened = 0
    private var exit: Exit?
    private var lastID = 0
    private(set) var hasEnded = false
    /// Both sides are held against the description of the protocol, in every test.
    private var check = SessionCheck(Project.schemas)
    /// Set where the client says on purpose what nobody described.
    var strays = false

    /// Starts the executable on the folder's store; other arguments replace it. A `shell` command comes first, and its
    /// last act is to become the executable.
    init(
        in folder: Folder, _ framing: Framing = .lines, arguments: [String]? = nil, extra: [String] = [],
        after shell: String? = nil
    ) throws {
        signal(SIGPIPE, SIG_IGN)
        self.framing = framing
        complaints = folder["stderr-\(UInt64.random(in: 0...(.max)))"]
        let prefix = shell.map { ["sh", "-c", $0 + "; exec \"$0\" \"$@\""] } ?? []
        let arguments = prefix + [try Self.executable()] + (arguments ?? ["--store", folder.store]) + extra
        var (toChild, fromChild) = ([Int32](repeating: -1, count: 2), [Int32](repeating: -1, count: 2))
        guard fermata_pipe(&toChild) == 0, fermata_pipe(&fromChild) == 0 else { throw Trouble("no pipe") }
        let log = open(complaints, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { for descriptor in [toChild[0], fromChild[1], log] { close(descriptor) } }
        var pid: pid_t = 0
        let status = Self.withCStrings(arguments) { arguments in
            Self.withCStrings(["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=\(folder.path)"]) { environment in
                fermata_spawn(&pid, arguments, environment, folder.path, [toChild[0], fromChild[1], log])
            }
        }
        guard status == 0 else { throw Trouble("cannot start \(arguments[0]): \(status)") }
        self.pid = pid
        (input, output) = (toChild[1], fromChild[0])
        for descriptor in [input, output] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    }

    deinit {
        if exit == nil {
            Glibc.kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
        closeInput()
        closeOutput()
    }

    // MARK: The process

    func kill(with number: Int32) { Glibc.kill(pid, number) }

    func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    func closeOutput() {
        if output >= 0 { close(output) }
        output = -1
        hasEnded = true
    }

    /// Waits for the process's end, within `milliseconds`, and for what it said last.
    @discardableResult
    func waitForExit(within milliseconds: Int = patience) throws -> Exit {
        if let exit { return exit }
        let descriptor = fermata_pidfd_open(pid)
        guard descriptor >= 0 else { throw Trouble("no descriptor for the process, errno \(errno)") }
        defer { close(descriptor) }
        let deadline = Self.now + milliseconds
        while !hasEnded, try exchange(until: deadline, or: descriptor) {}
        var death = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&death, 1, Int32(max(0, deadline - Self.now))) == 1 else {
            throw trouble("the process does not end")
        }
        while !hasEnded, isListening, try exchange(until: Self.now + Self.patience) {}
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        let ending: Exit = status & 0x7F == 0 ? .code(status >> 8 & 0xFF) : .signal(status & 0x7F)
        exit = ending
        return ending
    }

    /// The most memory the process has ever held, in MiB.
    func peakMemory() throws -> Int {
        let status = Folder.text(at: "/proc/\(pid)/status") ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        guard let words = line?.split(whereSeparator: \.isWhitespace), words.count > 1, let kilobytes = Int(words[1])
        else { throw trouble("no VmHWM") }
        return kilobytes / 1024
    }

    /// The executables stand beside the tests.
    static func executable(_ name: String = "fermata") throws -> String {
        var room = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &room, room.count)
        guard count > 0 else { throw Trouble("no /proc/self/exe") }
        let path = String(decoding: room[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path[...(path.lastIndex(of: "/") ?? path.startIndex)] + name
    }

    static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }

    static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    // MARK: Bytes

    /// Writes bytes as they are, and reads what comes meanwhile. What the process does not take any more is dropped.
    func send(raw bytes: [UInt8]) throws {
        note(bytes)
        unsent += bytes
        try flush()
    }

    /// Writes until the process takes nothing for a moment: how many bytes it took.
    func fill(with bytes: [UInt8], isFullAfter milliseconds: Int32 = 500) throws -> Int {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { write(input, $0.baseAddress! + offset, $0.count - offset) }
            if count > 0 {
                offset += count
                continue
            }
            guard errno == EAGAIN else { throw trouble("the process takes no more, errno \(errno)") }
            var room = pollfd(fd: input, events: Int16(POLLOUT), revents: 0)
            guard poll(&room, 1, milliseconds) > 0 else { break }
        }
        return offset
    }

    /// Reads all that is still said, until the output ends.
    func readToEnd() throws {
        while !hasEnded, try exchange(until: Self.now + Self.patience) {}
        guard hasEnded else { throw trouble("the output does not end") }
    }

    private func flush() throws {
        while !unsent.isEmpty {
            guard try exchange(until: Self.now + Self.patience) else { throw trouble("the process takes no input") }
        }
    }

    /// Moves bytes both ways, once. False when nothing moved until the deadline, or when `other` became readable.
    private func exchange(until deadline: Int, or other: Int32 = -1) throws -> Bool {
        var ready = [
            pollfd(fd: unsent.isEmpty ? -1 : input, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: isListening ? output : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other, events: Int16(POLLIN), revents: 0),
        ]
        if input < 0 { unsent = [] }
        guard poll(&ready, 3, Int32(max(0, deadline - Self.now))) > 0 else { return false }
        if ready[0].revents != 0 { writeSome() }
        if ready[1].revents != 0 { try readSome() }
        return ready[0].revents != 0 || ready[1].revents != 0
    }

    private func writeSome() {
        let count = unsent.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
        if count > 0 {
            unsent.removeFirst(count)
        } else if errno != EAGAIN {
            unsent = []
        }
    }

    private func readSome() throws {
        var room = [UInt8](repeating: 0, count: 1 << 18)
        let count = read(output, &room, room.count)
        if count == 0 { hasEnded = true }
        guard count > 0 else { return }
        received += room[..<count]
        try takeMessages()
    }

    private func takeMessages() throws {
        var start = 0
        while let (body, next) = frame(from: start) {
            let message = try parse(received[body])
            report(check.take(message, from: .service).filter { !strays || !$0.contains("which were taken") })
            entries.append(Entry(message: message))
            answer(message)
            start = next
        }
        received.removeFirst(start)
        scanned -= min(scanned, start)
    }

    private func frame(from start: Int) -> (body: Range<Int>, next: Int)? {
        switch framing {
        case .lines:
            let end = received.withUnsafeBytes { bytes -> Int? in
                let from = max(start, scanned)
                guard let place = memchr(bytes.baseAddress! + from, 0x0A, bytes.count - from) else { return nil }
                return UnsafeRawPointer(place) - bytes.baseAddress!
            }
            scanned = end ?? received.count
            return end.map { (start..<$0, $0 + 1) }
        case .headers:
            let prefix = Array("Content-Length: ".utf8)
            guard received.count - start > prefix.count + 4, received[start...].starts(with: prefix),
                let end = received[start...].firstIndex(of: 0x0D),
                received[end...].starts(with: [0x0D, 0x0A, 0x0D, 0x0A]),
                let length = Int(String(decoding: received[(start + prefix.count)..<end], as: UTF8.self)),
                received.count >= end + 4 + length
            else { return nil }
            return (end + 4..<end + 4 + length, end + 4 + length)
        }
    }

    private func parse(_ bytes: ArraySlice<UInt8>) throws -> JSONValue {
        do {
            return try JSONValue(parsing: Array(bytes))
        } catch {
            throw trouble("said what is no JSON: \(String(decoding: bytes.prefix(500), as: UTF8.self))")
        }
    }

    private func answer(_ message: JSONValue) {
        guard let perform, message["method"] == "step/execute", let params = message["params"], let id = message["id"]
        else { return }
        let answer = frame(["jsonrpc": "2.0", "id": id, "result": ["output": perform(params)]])
        note(answer)
        unsent += answer
    }

    /// What the client says, where it is a message.
    private func note(_ bytes: [UInt8]) {
        for line in bytes.split(separator: 0x0A)
        where line.first == UInt8(ascii: "{") || line.first == UInt8(ascii: "[") {
            guard let message = try? JSONValue(parsing: Array(line)) else { continue }
            let complaints = check.take(message, from: .client)
            if !strays { report(complaints) }
        }
    }

    private func report(_ complaints: [String]) {
        for complaint in complaints { Issue.record("The protocol is described otherwise: \(complaint)") }
    }

    func frame(_ message: JSONValue) -> [UInt8] {
        let text = Array(message.serialized().utf8)
        switch framing {
        case .lines: return text + [0x0A]
        case .headers: return Array("Content-Length: \(text.count)\r\n\r\n".utf8) + text
        }
    }

    // MARK: Messages

    /// Everything that was said so far, in order.
    var transcript: [JSONValue] { entries.map(\.message) }

    func makeID() -> Int {
        lastID += 1
        return lastID
    }

    /// The first message that fits and was not taken yet; waits for it.
    func next(_ what: String, within milliseconds: Int = patience, where fits: (JSONValue) -> Bool) throws -> JSONValue
    {
        let deadline = Self.now + milliseconds
        var index = 0
        while true {
            while index < entries.count {
                if !entries[index].isTaken, fits(entries[index].message) {
                    entries[index].isTaken = true
                    return entries[index].message
                }
                index += 1
            }
            guard !hasEnded else { throw trouble("the output ended before \(what)") }
            guard try exchange(until: deadline) else { throw trouble("waited in vain for \(what)") }
        }
    }

    /// The messages that nobody has taken since the last call; waits for one. None when none comes before the deadline.
    func messages(until deadline: Int) throws -> [JSONValue] {
        while true {
            let fresh = (listened..<entries.count).filter { !entries[$0].isTaken }
            listened = entries.count
            for index in fresh { entries[index].isTaken = true }
            guard fresh.isEmpty, !hasEnded, try exchange(until: deadline) else {
                return fresh.map { entries[$0].message }
            }
        }
    }

    /// Waits until so many messages that fit were said, taken or not.
    func wait(for count: Int, _ what: String, where fits: (JSONValue) -> Bool) throws {
        let deadline = Self.now + Self.patience
        var (index, found) = (0, 0)
        while true {
            while index < entries.count {
                if fits(entries[index].message) { found += 1 }
                index += 1
            }
            guard found < count else { return }
            guard !hasEnded, try exchange(until: deadline) else {
                throw trouble("waited in vain for \(what): \(found) of \(count)")
            }
        }
    }

    func trouble(_ sentence: String) -> Trouble {
        let last = transcript.suffix(12).map { String($0.serialized().prefix(600)) }.joined(separator: "\n  ")
        let log = (Folder.text(at: complaints) ?? "").suffix(2000)
        return Trouble("\(sentence)\nlast said:\n  \(last)\nstderr:\n\(log)")
    }
}
