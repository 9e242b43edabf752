package import JSON
package import RPC

/// Whether the service and its store answer: {status: "ok"}.
package struct CheckHealthRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "health/check"

    package init(params: Parameters) throws(RPCError) {}
}
