internal import JSON
internal import Synchronization

/// The answers to a batch, gathered until the last one is there.
final class BatchAnswer: Sendable {
    private struct State {
        var writer = JSONWriter()
        var outstanding = 1
    }

    /// One entry more than have been counted is outstanding, until the reader has seen the whole batch.
    private let state = Mutex(State())

    init() { state.withLock { $0.writer.beginArray() } }

    /// Counts an entry that will be answered.
    func expect() { state.withLock { $0.outstanding += 1 } }

    func add(_ write: (inout JSONWriter) -> Void) { state.withLock { write(&$0.writer) } }

    /// Counts an entry as done. When it was the last, the whole array, unless nothing in it wanted an answer.
    func settle() -> [UInt8]? {
        state.withLock { state in
            state.outstanding -= 1
            guard state.outstanding == 0, state.writer.bytes.count > 1 else { return nil }
            state.writer.endArray()
            let array = state.writer.bytes
            state.writer = JSONWriter()
            return array
        }
    }
}
