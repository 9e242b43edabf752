package import JSON
package import RPC

/// A request that the service answers, declared once: what it is called, what it takes, what answers it, and what people are told of it.
package protocol RequestMessage: Sendable {
    associatedtype Result: JSONEncodable & Sendable

    static var method: String { get }

    /// Made only when somebody asks.
    static var about: RequestDescription { get }

    /// Throws -32602 with the pointer of the member that is wrong. Asks for every member before it refuses one for another's sake, for
    /// what it asks for is also what its description knows.
    init(params: Parameters) throws(RPCError)
}

/// A message that the service takes and nobody answers.
package protocol NotificationMessage: Sendable {
    static var method: String { get }

    /// Made only when somebody asks.
    static var about: NotificationDescription { get }

    /// Throws -32602 with the pointer of the member that is wrong. Asks for every member before it refuses one for another's sake.
    init(params: Parameters) throws(RPCError)
}
