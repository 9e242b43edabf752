internal import Glibc
package import JSON
package import RPC

/// Messages on their way out, encoded and framed; they leave together and in this order, once this is sent. One that
/// answers requests must be sent.
package struct OutgoingBatch: Sendable {
    private let framing: Framing
    private var writer = JSONWriter(reservingCapacity: 240)
    /// The ids of the requests answered here, which may be used again once this is sent.
    private(set) var answered: [RequestID] = []

    init(framing: Framing) { self.framing = framing }

    package var isEmpty: Bool { writer.bytes.isEmpty && answered.isEmpty }

    package var byteCount: Int { writer.bytes.count }

    /// Adds one message. `write` writes exactly one value, without a line feed in it.
    package mutating func message(_ write: (inout JSONWriter) -> Void) {
        switch framing {
        case .lines:
            write(&writer)
            writer.bytes.append(0x0A)
        case .headers:
            writer.append("Content-Length: ")
            let header = writer.bytes.count
            writer.append("\r\n\r\n")
            let start = writer.bytes.count
            write(&writer)
            writer.bytes.insert(digitsOf: writer.bytes.count - start, at: header)
        }
    }

    package mutating func notification(_ method: String, params: (inout JSONWriter) -> Void) {
        message { writer in
            writer.append(#"{"jsonrpc":"2.0""#)
            writer.field("method", method)
            writer.key("params")
            params(&writer)
            writer.endObject()
        }
    }

    /// A request to the peer. Its answer arrives as `Incoming.response` with this id.
    package mutating func request(_ id: RequestID, _ method: String, params: (inout JSONWriter) -> Void) {
        message { writer in
            writer.append(#"{"jsonrpc":"2.0","id":"#)
            id.write(to: &writer)
            writer.field("method", method)
            writer.key("params")
            params(&writer)
            writer.endObject()
        }
    }

    /// Adds what another batch of the same connection holds.
    package mutating func append(_ other: OutgoingBatch) {
        writer.bytes += other.writer.bytes
        answered += other.answered
    }

    /// Answers `reply` with the result that `write` writes.
    package mutating func succeed(_ reply: Reply, _ write: (inout JSONWriter) -> Void) {
        reply.claim()
        answer(reply.address) { $0.success(reply.id, write) }
    }

    package mutating func succeed(_ reply: Reply, _ result: some JSONEncodable) {
        succeed(reply) { result.write(to: &$0) }
    }

    package mutating func fail(_ reply: Reply, _ error: RPCError) {
        reply.claim()
        answer(reply.address) { $0.failure(reply.id, error) }
    }
}

extension OutgoingBatch {
    var bytes: [UInt8] { writer.bytes }

    mutating func removeAll() {
        writer.removeAll(keepingCapacity: writer.bytes.capacity <= 1 << 18)
        answered.removeAll()
    }

    /// Adds an answer: as a message, or to the array of its batch, which becomes a message when this was the last.
    mutating func answer(_ address: Reply.Address, _ write: (inout JSONWriter) -> Void) {
        answered.append(address.id)
        guard let batch = address.batch else { return message(write) }
        batch.add(write)
        settle(batch)
    }

    /// Counts one entry of `batch` as done.
    mutating func settle(_ batch: BatchAnswer) {
        guard let array = batch.settle() else { return }
        message { $0.bytes += array }
    }
}

extension JSONWriter {
    mutating func success(_ id: RequestID, _ write: (inout JSONWriter) -> Void) {
        beginAnswer(id)
        append(#","result":"#)
        write(&self)
        endObject()
    }

    mutating func failure(_ id: RequestID, _ error: RPCError) {
        beginAnswer(id)
        append(#","error":"#)
        error.write(to: &self)
        endObject()
    }

    /// What `failure(id, .methodNotFound(method))` writes, without the error in between: a peer that asks for what
    /// there is not must not be a burden.
    mutating func methodNotFound(_ id: RequestID, _ method: UnsafeRawBufferPointer) {
        beginAnswer(id)
        append(#","error":{"code":-32601,"message":"There is no method '"#)
        bytes.append(contentsOf: method)
        append(#"'."}}"#)
    }

    private mutating func beginAnswer(_ id: RequestID) {
        beginObject()
        append(#""jsonrpc":"2.0","id":"#)
        id.write(to: &self)
    }

    /// Bytes as they are: the caller knows that they fit here.
    mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

extension [UInt8] {
    /// Makes room at `position` for the decimal digits of `number`, and writes them there.
    fileprivate mutating func insert(digitsOf number: Int, at position: Int) {
        var (digits, rest) = (1, number / 10)
        while rest > 0 { (digits, rest) = (digits + 1, rest / 10) }
        let tail = count - position
        for _ in 0..<digits { append(0) }
        withUnsafeMutableBytes { bytes in
            let place = bytes.baseAddress! + position
            memmove(place + digits, place, tail)
            var rest = number
            for index in stride(from: digits - 1, through: 0, by: -1) {
                bytes[position + index] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
        }
    }
}
