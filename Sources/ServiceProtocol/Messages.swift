package import JSON
package import RPC

/// A request that the service answers, declared once: what it is called, what it takes, what answers it, and what people are told of it.
package protocol RequestMessage: Sendable {
    associatedtype Result: JSONEncodable & Sendable

    static var method: String { get }

    /// Made only when somebody asks.
    static var about: RequestDescription { get }

    /// Throws -32602 with the pointer of the member that is wrong. What it asks for is also its description, so it asks for every
    /// member whatever the others are, and refuses one for its value with `Parameters.require`.
    init(params: Parameters) throws(RPCError)
}

/// A message that the service takes and nobody answers.
package protocol NotificationMessage: Sendable {
    static var method: String { get }

    /// Made only when somebody asks.
    static var about: NotificationDescription { get }

    /// The same as for a request.
    init(params: Parameters) throws(RPCError)
}
