internal import Glibc
internal import Synchronization

/// A peer that speaks JSON-RPC 2.0 over two descriptors.
///
/// One thread reads, in `run`. It answers itself what needs no knowledge of any method: what is not JSON, not a
/// message, not known or too much. The rest it hands on, in order, all of one read together. Any thread may send, and
/// none but the reading one ever waits for the peer.
package final class Connection: Sendable {
    package struct Configuration: Sendable {
        /// Requests with other methods are refused with -32601.
        package var takesRequest: @Sendable (String) -> Bool
        /// Notifications with other methods are dropped.
        package var takesNotification: @Sendable (String) -> Bool
        package var maxMessageBytes = 16 << 20
        package var maxBatch = 100_000
        /// Bytes sent and not written from which on nothing more is read.
        package var highWater = 1 << 20
        /// Bytes sent and not written at which reading goes on.
        package var lowWater = 256 << 10

        package init(
            takesRequest: @escaping @Sendable (String) -> Bool, takesNotification: @escaping @Sendable (String) -> Bool
        ) {
            self.takesRequest = takesRequest
            self.takesNotification = takesNotification
        }
    }

    /// Why `run` returned.
    package enum Ending: Sendable {
        case inputEnded
        /// The peer's header was such that nobody can tell where its next message begins. It has been told so.
        case framingLost
    }

    private let input: Int32
    package let configuration: Configuration
    private let receive: @Sendable ([Incoming]) -> Void
    private let session: Session
    /// Whoever reads has it; nobody waits for it.
    private let receiver: Mutex<Receiver>

    /// `receive` is called by the thread that runs the connection, except for `outputDrained` and `outputLost`, which
    /// may come from another. It must not block: what is sent while it runs leaves in one write when it returns.
    package init(
        input: Int32, output: Int32, configuration: Configuration, receive: @escaping @Sendable ([Incoming]) -> Void
    ) {
        self.input = input
        self.configuration = configuration
        self.receive = receive
        let output = Output(
            descriptor: output, highWater: configuration.highWater, lowWater: configuration.lowWater
        ) { event in
            switch event {
            case .drained: receive([.outputDrained])
            case .lost: receive([.outputLost])
            }
        }
        session = Session(output: output)
        receiver = Mutex(Receiver(configuration, session))
    }

    /// Reads and hands on until the input ends; call it once. The last thing it hands on is `inputEnded`.
    package func run() -> Ending {
        while true {
            if let ending = readTurn() { return ending }
        }
    }

    /// Reads once, and hands on what has come. Nil while the input has not ended; then this is not called again.
    package func readTurn() -> Ending? {
        session.output.waitWhileCongested()
        return receiver.withLock { receiver in
            receiver.read(from: input)
            let (incoming, ending) = receiver.takeTurn()
            deliver(incoming, answers: receiver.answers.bytes)
            receiver.answers.removeAll()
            return ending
        }
    }

    /// Sends the messages that `build` adds, together.
    package func send(_ build: (inout OutgoingBatch) -> Void) { session.send(build) }

    /// An empty batch, to be filled now and sent later.
    package func makeBatch() -> OutgoingBatch { OutgoingBatch(framing: session.framing) }

    package func send(_ batch: OutgoingBatch) { session.send(batch) }

    /// Whether the peer reads so slowly that what can wait should; `Incoming.outputDrained` says when this is over.
    package var isCongested: Bool { session.output.isCongested }

    /// Bytes sent and not written yet.
    package var pendingBytes: Int { session.output.pendingBytes }

    /// Blocks until all that was sent is written, or the output lost.
    package func flush() { session.output.flush() }

    private func deliver(_ incoming: [Incoming], answers: [UInt8]) {
        guard !incoming.isEmpty else {
            if !answers.isEmpty { session.output.endTurn(answers, isHeld: false) }
            return
        }
        let isHeld = session.output.beginTurn()
        receive(incoming)
        session.output.endTurn(answers, isHeld: isHeld)
    }
}
