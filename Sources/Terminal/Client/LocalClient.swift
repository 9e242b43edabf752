import CSystem
import Glibc
import JSON
import RPC
import RPCTransport
import Synchronization
import Threads

/// A client of the service in this very process, over two pipes: a command speaks the protocol and knows nothing else.
///
/// One thread uses it. It waits in `poll` alone, for the service, for Ctrl-C and for what a person types.
final class LocalClient {
    struct Notification {
        var method: String
        var params: JSONValue
    }

    enum Happening {
        case notification(Notification)
        /// The descriptor that was watched can be read.
        case readable
        case timeout
    }

    private let requests: Int32
    private let answers: Int32
    private let interrupts: Int32
    private let session = ServiceSession()
    private var decoder = FrameDecoder(maxMessageBytes: 1 << 30)
    private var lastID = 0
    private var answer: (id: Int, Result<JSONValue, RPCError>)?
    private var waiting: [Notification] = []
    private var isClosed = false

    /// `interrupts` becomes readable at Ctrl-C.
    init(_ entry: @escaping ServiceEntry, _ settings: ServiceSettings, interrupts: Int32) throws {
        self.interrupts = interrupts
        var (toService, fromService): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        guard fermata_pipe(&toService) == 0, fermata_pipe(&fromService) == 0 else {
            throw Complaint.service("There are no descriptors left for the service.")
        }
        requests = toService[1]
        answers = fromService[0]
        let (input, output, session) = (toService[0], fromService[1], session)
        let isStarted = startThread {
            let exitCode = entry(settings, input, output)
            Glibc.close(input)
            Glibc.close(output)
            session.end(exitCode)
        }
        guard isStarted else { throw Complaint.service("There is no thread left for the service.") }
    }

    deinit {
        Glibc.close(requests)
        Glibc.close(answers)
    }

    // MARK: Asking

    /// What the service answers; notifications that come meanwhile are kept for `next`.
    func call(_ method: String, _ params: JSONValue = [:]) throws -> JSONValue {
        lastID += 1
        let id = lastID
        try send(["jsonrpc": "2.0", "id": .number(JSONNumber(id)), "method": .string(method), "params": params])
        while true {
            _ = try pump(watching: nil, timeoutMs: -1)
            guard let answer, answer.id == id else { continue }
            self.answer = nil
            return try answer.1.get()
        }
    }

    func notify(_ method: String) throws {
        try send(["jsonrpc": "2.0", "method": .string(method)])
    }

    /// Waits for the next notification, or until `descriptor` is readable. A negative timeout waits for ever.
    func next(watching descriptor: Int32? = nil, timeoutMs: Int32 = -1) throws -> Happening {
        if waiting.isEmpty {
            let isReadable = try pump(watching: descriptor, timeoutMs: timeoutMs)
            if waiting.isEmpty { return isReadable ? .readable : .timeout }
        }
        return .notification(waiting.removeFirst())
    }

    /// Ends the session, so that every run is left as safe as it can be.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        do {
            _ = try call("shutdown")
            try notify("exit")
            while true { _ = try pump(watching: nil, timeoutMs: 2500, heedsInterrupts: false) }
        } catch {
            // The service has closed its end, which is what was waited for; or a second Ctrl-C will not wait.
        }
    }

    // MARK: The pipes

    private func send(_ message: JSONValue) throws {
        let bytes = Array((message.serialized() + "\n").utf8)
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { write(requests, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw hasEnded }
            start += count
        }
    }

    /// Takes what there is from the service once something happens: whether `descriptor` is readable.
    private func pump(watching descriptor: Int32?, timeoutMs: Int32, heedsInterrupts: Bool = true) throws -> Bool {
        // A negative descriptor is one that `poll` passes over.
        var watched = [answers, heedsInterrupts ? interrupts : -1, descriptor ?? -1]
            .map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let count = poll(&watched, nfds_t(watched.count), timeoutMs)
        if count < 0, errno == EINTR { return false }
        if count == 0, isClosed { throw hasEnded }
        if watched[1].revents != 0 {
            var byte: UInt8 = 0
            _ = read(interrupts, &byte, 1)
            throw Interrupted()
        }
        if watched[0].revents != 0 { try receive() }
        return watched[2].revents != 0
    }

    private func receive() throws {
        let count = decoder.fill { room in
            while true {
                let count = read(answers, room.baseAddress, room.count)
                if count >= 0 || errno != EINTR { return count }
            }
        }
        guard count > 0 else { throw hasEnded }
        while let frame = decoder.next() {
            guard case .message(let range) = frame else { throw Complaint.service("The service broke the protocol.") }
            try take(JSONValue(parsing: decoder.bytes(range)))
        }
    }

    private func take(_ message: JSONValue) throws {
        guard let method = message["method"]?.string else {
            let failure = message["error"].map { RPCError(answer: $0) }
            // A service that cannot read a request does not know whose it is; there is never more than one.
            guard let id = message["id"]?.int ?? failure.map({ _ in lastID }) else { return }
            answer = (id, failure.map { .failure($0) } ?? .success(message["result"] ?? .null))
            return
        }
        guard let id = message["id"] else {
            return waiting.append(Notification(method: method, params: message["params"] ?? [:]))
        }
        // A command hosts nothing.
        var error = JSONWriter()
        RPCError.methodNotFound(method).write(to: &error)
        try send(["jsonrpc": "2.0", "id": id, "error": JSONValue(parsing: error.bytes)])
    }

    private var hasEnded: Complaint {
        let code = session.exitCode.map { " (exit code \($0))" } ?? ""
        return .service("The service has ended\(code).", hint: "See what it logged: --log FILE --log-level debug")
    }
}

/// Ctrl-C.
struct Interrupted: Error {}

/// How the service's thread ended.
private final class ServiceSession: Sendable {
    private let ending = Mutex<Int32?>(nil)

    var exitCode: Int32? { ending.withLock { $0 } }

    func end(_ exitCode: Int32) { ending.withLock { $0 = exitCode } }
}
