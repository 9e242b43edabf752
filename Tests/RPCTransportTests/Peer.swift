import CSystem
import Dispatch
import Glibc
import JSON
import RPC
import Synchronization
import Threads

@testable import RPCTransport

/// The other side of a connection over two pipes, whose reading thread runs until the input ends.
final class Peer: Sendable {
    let connection: Connection
    private let toConnection: Int32
    private let fromConnection: Int32
    private let ending = Mutex<Connection.Ending?>(nil)
    private let hasEnded = DispatchSemaphore(value: 0)

    /// `receive` gets the connection too, to send with.
    init(
        _ configuration: Connection.Configuration, receive: @escaping @Sendable (Connection, [Incoming]) -> Void
    ) {
        signal(SIGPIPE, SIG_IGN)
        let (input, output) = (makePipe(), makePipe())
        (toConnection, fromConnection) = (input.write, output.read)
        let shared = Shared<Connection?>(nil)
        connection = Connection(input: input.read, output: output.write, configuration: configuration) { incoming in
            if let connection = shared.value { receive(connection, incoming) }
        }
        let connection = connection
        shared.update { $0 = connection }
        let isStarted = startThread {
            let ending = connection.run()
            connection.flush()
            self.ending.withLock { $0 = ending }
            shared.update { $0 = nil }
            close(input.read)
            close(output.write)
            self.hasEnded.signal()
        }
        precondition(isStarted)
    }

    /// Blocks while the pipe is full.
    func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = Glibc.write(toConnection, bytes.baseAddress! + offset, bytes.count - offset)
                guard count > 0 else { return }
                offset += count
            }
        }
    }

    func write(_ text: String) { write(Array(text.utf8)) }

    func finishInput() { close(toConnection) }

    func closeOutput() { close(fromConnection) }

    /// Up to `limit` bytes, fewer when there are no more; none at the end.
    func read(_ limit: Int = 65536) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: limit) { room, count in
            count = max(0, Glibc.read(fromConnection, room.baseAddress, limit))
        }
    }

    /// All that comes until `isEnough` holds, or the end.
    func read(until isEnough: ([UInt8]) -> Bool) -> [UInt8] {
        var all: [UInt8] = []
        while !isEnough(all) {
            let more = read()
            guard !more.isEmpty else { break }
            all += more
        }
        return all
    }

    func readLines(_ count: Int) -> [String] {
        lines(read { bytes in bytes.count { $0 == 0x0A } >= count })
    }

    func readToEnd() -> [UInt8] { read { _ in false } }

    /// Waits until the connection has ended by itself.
    func waitForEnding() -> Connection.Ending? {
        hasEnded.wait()
        return ending.withLock { $0 }
    }
}

/// All that a connection answers to `pieces`, and how it ended.
func converse(
    _ pieces: [[UInt8]], _ configuration: Connection.Configuration = .test,
    receive: @escaping @Sendable (Connection, [Incoming]) -> Void = echo
) -> (output: [UInt8], ending: Connection.Ending?) {
    let peer = Peer(configuration, receive: receive)
    let isStarted = startThread {
        for piece in pieces { peer.write(piece) }
        peer.finishInput()
    }
    precondition(isStarted)
    let output = peer.readToEnd()
    let ending = peer.waitForEnding()
    peer.closeOutput()
    return (output, ending)
}

/// Answers each request with its params.
@Sendable func echo(_ connection: Connection, _ incoming: [Incoming]) {
    for case .request(_, let params, let reply) in incoming { reply.succeed(params ?? .null) }
}

extension Connection.Configuration {
    static var test: Self { .init(takesRequest: { $0 == "echo" || $0 == "wait" }, takesNotification: { $0 == "note" }) }
}

func lines(_ output: [UInt8]) -> [String] {
    output.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func framed(_ text: String) -> String { "Content-Length: \(text.utf8.count)\r\n\r\n\(text)" }

/// An answer in short: its id, and its result, or its error's code and kind. A batch is in brackets.
func summary(_ text: String) throws -> String { summary(try JSONValue(parsing: text)) }

private func summary(_ answer: JSONValue) -> String {
    if let array = answer.array { return "[" + array.map(summary).joined(separator: ", ") + "]" }
    let id = answer["id"]?.serialized() ?? "no id"
    guard answer["jsonrpc"] == "2.0" else { return "no answer: \(answer)" }
    if let result = answer["result"] { return "\(id): \(result)" }
    let kind = answer["error"]?["data"]?["kind"]?.string.map { " " + $0 } ?? ""
    return "\(id): \(answer["error"]?["code"]?.int ?? 0)\(kind)"
}

private func makePipe() -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    let outcome = fermata_pipe(&ends)
    precondition(outcome == 0)
    return (ends[0], ends[1])
}

/// A value that closures on several threads share.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value { mutex.withLock { $0 } }

    func update(_ body: (inout Value) -> Void) { mutex.withLock { body(&$0) } }
}
