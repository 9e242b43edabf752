internal import JSON

/// The beginning of a message that is too long to be read whole.
package enum ScannedPrefix: Sendable, Equatable {
    /// An answer to us, whose sender expects none.
    case response(id: RequestID)
    /// Anything else, with its id when it came early enough.
    case request(id: RequestID)

    package init(scanning prefix: UnsafeRawBufferPointer) {
        var scanner = JSONScanner(prefix)
        let envelope = Envelope(prefixOf: &scanner)
        let id = envelope.id.flatMap { RequestID($0, in: scanner) } ?? .null
        self = envelope.isResponse && id != .null ? .response(id: id) : .request(id: id)
    }
}
