import Commands
import Glibc
import JSON
import RPCTransport
import Threads
import WorkflowModel

/// A server that runs, with our ends of its pipes, on the loop's thread.
final class ServerProcess {
    private enum Phase {
        case running
        /// Its stdin is closed, as the protocol ends a session; then come SIGTERM and SIGKILL.
        case closing(termAt: Instant, killAt: Instant)
        case terminated(killAt: Instant)
        case killed
    }

    /// What `poll` watches.
    enum Source: CaseIterable {
        case end, stdin, stdout, stderr
    }

    let session: Session
    private var process: ChildProcess
    /// The outputs that have not come to their end.
    private var open: Set<Source> = [.stdout, .stderr]
    private var decoder: FrameDecoder
    private var outgoing: [UInt8] = []
    private var written = 0
    private var complaints = Complaints()
    private var phase = Phase.running
    private var hasEnded = false

    init(_ process: consuming ChildProcess, session: Session, limits: ServerLimits) {
        self.session = session
        self.process = process
        decoder = FrameDecoder(maxMessageBytes: limits.messageBytes, framing: .lines)
    }

    func descriptor(of source: Source) -> Int32? {
        switch source {
        case .end: hasEnded ? nil : process.end.raw
        case .stdin: outgoing.isEmpty ? nil : stdin
        case .stdout: open.contains(.stdout) ? process.stdout.raw : nil
        case .stderr: open.contains(.stderr) ? process.stderr.raw : nil
        }
    }

    /// When it must be settled although nothing happens.
    var deadline: Instant? {
        switch phase {
        case .running: session.deadline
        case .closing(let moment, _), .terminated(let moment): moment
        case .killed: nil
        }
    }

    func handle(_ source: Source) {
        switch source {
        case .end: hasEnded = true
        case .stdin: write()
        case .stdout: read()
        case .stderr: hear()
        }
    }

    /// Ends it: its stdin is closed now, then come SIGTERM and SIGKILL.
    func stop(termAt: Instant, killAt: Instant) {
        guard case .running = phase else { return }
        phase = .closing(termAt: termAt, killAt: killAt)
        process.stdin = nil
    }

    /// Moves on as far as what has happened allows. True when it is over.
    func settle(at now: Instant) -> Bool {
        session.pass(now)
        send()
        if case .over = session.phase { stop(termAt: now, killAt: now + .seconds(1)) }
        if hasEnded {
            // What it said last may still lie in the pipe.
            drain()
            kill(-process.id, SIGKILL)
            let status = ChildProcess.reap(process.id)
            session.end(.server(session.server, session.isReady ? "serverDied" : "serverFailed", died(status)))
            return true
        }
        switch phase {
        case .closing(let termAt, let killAt) where termAt <= now:
            kill(-process.id, SIGTERM)
            phase = .terminated(killAt: killAt)
        case .terminated(let killAt) where killAt <= now:
            kill(-process.id, SIGKILL)
            phase = .killed
        default: break
        }
        return false
    }

    private func died(_ status: ExitStatus?) -> String {
        let how =
            switch status {
            case .code(let code): "ended with the exit code \(code)"
            case .signal(let number): "was ended by the signal \(number)"
            case nil: "ended"
            }
        return how + (complaints.last.map { ": \($0)" } ?? ".")
    }

    // MARK: Pipes

    /// Nil once it is closed.
    private var stdin: Int32? {
        switch process.stdin {
        case .some(let pipe): pipe.raw
        case nil: nil
        }
    }

    /// Writes what there is to say, as far as the server takes it.
    func send() {
        for message in session.takeOutgoing() {
            outgoing += message.serialized().utf8
            outgoing.append(UInt8(ascii: "\n"))
        }
        write()
    }

    private func write() {
        guard !outgoing.isEmpty else { return }
        guard let pipe = stdin else { return outgoing = [] }
        let count = outgoing[written...].withUnsafeBytes { Glibc.write(pipe, $0.baseAddress!, $0.count) }
        if count > 0 { written += count } else if errno != EAGAIN, errno != EINTR { written = outgoing.count }
        if written == outgoing.count { (outgoing, written) = ([], 0) }
    }

    private func read() {
        guard let pipe = descriptor(of: .stdout) else { return }
        let count = decoder.fill { Glibc.read(pipe, $0.baseAddress!, $0.count) }
        if count <= 0 {
            if count < 0, errno == EINTR || errno == EAGAIN { return }
            decoder.finish()
            open.remove(.stdout)
        }
        while let frame = decoder.next() {
            switch frame {
            case .message(let range): session.receive(decoder.bytes(range), at: .now)
            case .tooLarge(let prefix): session.receiveTooLarge(decoder.bytes(prefix))
            case .halfAtEnd, .broken: break
            }
        }
    }

    /// Reads what lies in the pipe already, and no more: somebody else may keep it open.
    private func drain() {
        while let pipe = descriptor(of: .stdout) {
            var ready = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, 0) > 0 else { return }
            read()
        }
    }

    private func hear() {
        guard let pipe = descriptor(of: .stderr) else { return }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(pipe, &bytes, bytes.count)
        if count <= 0 {
            if count < 0, errno == EINTR || errno == EAGAIN { return }
            open.remove(.stderr)
        }
        for line in complaints.lines(in: bytes[..<max(count, 0)]) {
            session.log(.info, "The MCP server \"\(session.server)\" wrote to stderr: \(line)")
        }
    }
}

/// What a server writes to stderr, line by line; a line is kept up to a length.
private struct Complaints {
    private static let limit = 1000
    private(set) var last: String?
    private var open: [UInt8] = []

    mutating func lines(in bytes: ArraySlice<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                let line = String(decoding: open, as: UTF8.self)
                open = []
                if line.allSatisfy(\.isWhitespace) { continue }
                last = line
                lines.append(line)
            } else if open.count < Self.limit {
                open.append(byte)
            }
        }
        return lines
    }
}
