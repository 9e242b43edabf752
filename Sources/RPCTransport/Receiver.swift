internal import Glibc
internal import JSON
internal import RPC

/// What the reading thread keeps: bytes that are no message yet, and what one turn of it has brought.
struct Receiver: ~Copyable {
    /// What this turn answers by itself.
    var answers: OutgoingBatch

    private let configuration: Connection.Configuration
    private let session: Session
    private var decoder: FrameDecoder
    private var incoming: [Incoming] = []
    private var ending: Connection.Ending?
    private var isFramed = false

    init(_ configuration: Connection.Configuration, _ session: Session) {
        self.configuration = configuration
        self.session = session
        decoder = FrameDecoder(maxMessageBytes: configuration.maxMessageBytes)
        answers = OutgoingBatch(framing: .lines)
    }

    /// Blocks until there is something to read. An error counts as the end: nothing more will come either way.
    mutating func read(from descriptor: Int32) {
        let count = decoder.fill { room in
            while true {
                let count = Glibc.read(descriptor, room.baseAddress, room.count)
                if count >= 0 || (errno != EINTR && errno != EAGAIN) { return count }
                var input = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                poll(&input, 1, -1)
            }
        }
        guard count <= 0 else { return }
        decoder.finish()
        ending = .inputEnded
    }

    /// Takes all messages that have been read: what is to be handed on, and whether it was the last.
    mutating func takeTurn() -> ([Incoming], Connection.Ending?) {
        while let frame = decoder.next() {
            if !isFramed, let framing = decoder.framing { adopt(framing) }
            take(frame)
        }
        if ending != nil { incoming.append(.inputEnded) }
        defer { incoming.removeAll() }
        return (incoming, ending)
    }

    private mutating func adopt(_ framing: Framing) {
        session.framing = framing
        answers = OutgoingBatch(framing: framing)
        isFramed = true
    }

    private mutating func take(_ frame: FrameDecoder.Frame) {
        switch frame {
        case .message(let range): take(decoder.bytes(range))
        case .tooLarge(let prefix): refuse(prefix: decoder.bytes(prefix))
        case .halfAtEnd: refuse { $0.failure(.null, .parseError("The input ended within a message.")) }
        case .broken(let sentence):
            refuse { $0.failure(.null, .parseError(sentence)) }
            ending = .framingLost
        }
    }

    private mutating func take(_ text: UnsafeRawBufferPointer) {
        do throws(JSONError) {
            let message = try ScannedMessage(scanning: text, maxBatch: configuration.maxBatch)
            guard case .batch(let entries) = message else { return try take(message, text) }
            let batch = BatchAnswer()
            defer { answers.settle(batch) }
            for entry in entries {
                let text = UnsafeRawBufferPointer(rebasing: text[entry])
                try take(try ScannedMessage(entry: text), text, in: batch)
            }
        } catch {
            refuse { $0.failure(.null, .parseError(error.message)) }
        }
    }

    private mutating func take(
        _ message: ScannedMessage, _ text: UnsafeRawBufferPointer, in batch: BatchAnswer? = nil
    ) throws(JSONError) {
        switch message {
        case .request(let id, let method, let params):
            guard configuration.takesRequest(method.name) else {
                let method = UnsafeRawBufferPointer(rebasing: text[method.range])
                return refuse(in: batch) { $0.methodNotFound(id, method) }
            }
            let params = try value(params, in: text)
            guard session.register(id) else { return refuse(in: batch) { $0.failure(id, .duplicateID) } }
            batch?.expect()
            let reply = Reply(Reply.Address(id: id, batch: batch, session: session))
            incoming.append(.request(method: method.name, params: params, reply: reply))
        case .notification(let method, let params):
            guard configuration.takesNotification(method.name) else { return }
            incoming.append(.notification(method: method.name, params: try value(params, in: text)))
        case .response(let id, let result, let error):
            let failure = try value(error, in: text).map(RPCError.init(answer:))
            let result = try value(result, in: text) ?? .null
            incoming.append(.response(id: id, result: failure.map { .failure($0) } ?? .success(result)))
        case .invalid(let id, let error):
            refuse(in: batch) { $0.failure(id, error) }
        case .batch:
            preconditionFailure("An entry of a batch is no batch.")
        }
    }

    private mutating func refuse(in batch: BatchAnswer? = nil, _ write: (inout JSONWriter) -> Void) {
        guard let batch else { return answers.message(write) }
        batch.add(write)
    }

    private mutating func refuse(prefix: UnsafeRawBufferPointer) {
        let error = RPCError.messageTooLarge(limit: configuration.maxMessageBytes)
        switch ScannedPrefix(scanning: prefix) {
        case .request(let id): refuse { $0.failure(id, error) }
        // Its sender expects no answer, but whoever asked waits for this one.
        case .response(let id): incoming.append(.response(id: id, result: .failure(error)))
        }
    }

    private func value(_ range: Range<Int>?, in text: UnsafeRawBufferPointer) throws(JSONError) -> JSONValue? {
        guard let range else { return nil }
        return try JSONValue(parsing: UnsafeRawBufferPointer(rebasing: text[range]))
    }
}
