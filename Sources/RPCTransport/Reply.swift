package import JSON
package import RPC
internal import Synchronization

/// The right, and the duty, to answer one request once.
///
/// A second answer is a mistake that stops the program; one that was dropped answers with an internal error.
package final class Reply: Sendable {
    /// Where an answer goes.
    struct Address: Sendable {
        let id: RequestID
        let batch: BatchAnswer?
        let session: Session
    }

    let address: Address
    private let isAnswered = Atomic(false)

    init(_ address: Address) { self.address = address }

    deinit {
        guard !isAnswered.load(ordering: .relaxed) else { return }
        let id = address.id
        address.session.send { [address] batch in
            batch.answer(address) { $0.failure(id, .internalError("The request was dropped without an answer.")) }
        }
    }

    package var id: RequestID { address.id }

    /// False within a batch, whose other answers must not be held up.
    package var mayWait: Bool { address.batch == nil }

    /// Answers with the result that `write` writes.
    package func succeed(_ write: (inout JSONWriter) -> Void) {
        address.session.send { $0.succeed(self, write) }
    }

    package func succeed(_ result: some JSONEncodable) {
        address.session.send { $0.succeed(self, result) }
    }

    package func fail(_ error: RPCError) {
        address.session.send { $0.fail(self, error) }
    }

    /// Marks the request as answered.
    func claim() {
        let wasAnswered = isAnswered.exchange(true, ordering: .relaxed)
        precondition(!wasAnswered, "A request must be answered once.")
    }
}
