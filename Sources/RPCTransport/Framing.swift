internal import Synchronization

/// How messages are told apart on the wire.
package enum Framing: UInt8, Sendable, AtomicRepresentable {
    /// One JSON text a line.
    case lines
    /// Each text after a header that gives its length, as in the Language Server Protocol.
    case headers
}
