package import JSON

/// A request, declared once: what it is called, what it takes and what answers it.
package protocol RequestMessage: Sendable {
    associatedtype Result: JSONEncodable & Sendable

    static var method: String { get }

    /// Throws -32602 with the pointer of the member that is wrong.
    init(params: Parameters) throws(RPCError)
}

/// A message that nobody answers.
package protocol NotificationMessage: Sendable {
    static var method: String { get }

    /// Throws -32602 with the pointer of the member that is wrong.
    init(params: Parameters) throws(RPCError)
}
