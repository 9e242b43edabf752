/// A POST, or a GET where there is no body.
package struct HTTPRequest: Sendable {
    package var url: String
    package var headers: [(name: String, value: String)] = []
    package var body: [UInt8]?
    /// How long until there is a connection.
    package var connectTimeout: Duration = .seconds(20)
    /// How long until the first byte of the answer's body, the connection included.
    package var firstByteTimeout: Duration = .seconds(300)
    /// How long the body may be silent.
    package var silenceTimeout: Duration = .seconds(120)
    /// How long to wait before it is sent.
    package var delay: Duration = .zero

    package init(url: String) {
        self.url = url
    }
}

/// The beginning of an answer.
package struct HTTPHead: Sendable {
    package var status: Int
    /// Names in lower case; of a repeated one the last.
    package var headers: [String: String]
}

/// Why there was no whole answer.
package struct HTTPFailure: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// There was no connection: no such host, refused, a certificate that cannot be trusted.
        case unreachable
        /// The connection broke after it was made.
        case interrupted
        case timedOut
        /// What came is no answer of HTTP.
        case garbled
        /// The request makes no sense, such as a URL of another scheme.
        case invalid
    }

    package var kind: Kind
    package var message: String
}

/// What a transfer tells, in this order, on the client's own thread: the head, the body as it comes, and its end. None
/// of it may wait.
package protocol HTTPListener: AnyObject, Sendable {
    func began(_ head: HTTPHead)
    func received(_ bytes: UnsafeRawBufferPointer)
    /// Nil when the whole answer has come.
    func ended(_ failure: HTTPFailure?)
}

/// A transfer under way.
package struct HTTPTransfer: Sendable, Hashable {
    let number: Int
}
