package import JSON
package import RPC

/// Each setting with its value and the layer it came from: {settings: [{name, value, layer}]}.
package struct GetConfigRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "config/get"

    package init(params: Parameters) throws(RPCError) {}
}
