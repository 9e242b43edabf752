package import JSON
package import RPC

/// What a connection hands on, in the order in which it came.
package enum Incoming: Sendable {
    case request(method: String, params: JSONValue?, reply: Reply)
    case notification(method: String, params: JSONValue?)
    /// An answer of the peer; whether anything was asked under this id is for the receiver to know.
    case response(id: RequestID, result: Result<JSONValue, RPCError>)
    /// What was sent has gone out so far that more may be sent.
    case outputDrained
    /// Nothing more will come in.
    case inputEnded
    /// Nobody reads any more; all that is sent is discarded.
    case outputLost
}
