internal import RPC
internal import Synchronization

/// What a connection and its replies share: the way out, and which requests are unanswered.
final class Session: Sendable {
    let output: Output
    private let currentFraming = Atomic(Framing.lines)
    /// By their spellings: a set of strings is a type that is there, and need not be made at run time when the first comes.
    private let inFlight = Mutex<Set<String>>([])

    init(output: Output) { self.output = output }

    /// The peer's framing; lines until it has said anything.
    var framing: Framing {
        get { currentFraming.load(ordering: .relaxed) }
        set { currentFraming.store(newValue, ordering: .relaxed) }
    }

    /// False when a request with this id is unanswered.
    func register(_ id: RequestID) -> Bool { inFlight.withLock { $0.insert(id.spelling).inserted } }

    func send(_ build: (inout OutgoingBatch) -> Void) {
        var batch = OutgoingBatch(framing: framing)
        build(&batch)
        send(batch)
    }

    func send(_ batch: OutgoingBatch) {
        release(batch.answered)
        output.send(batch.bytes)
    }

    /// Before the answers leave, since the peer may use the ids again as soon as it sees them.
    private func release(_ ids: [RequestID]) {
        guard !ids.isEmpty else { return }
        inFlight.withLock { inFlight in
            for id in ids { inFlight.remove(id.spelling) }
        }
    }
}
