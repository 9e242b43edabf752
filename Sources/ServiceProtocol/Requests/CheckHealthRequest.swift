package import JSON
package import RPC

package struct CheckHealthRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "health/check"

    package static var about: RequestDescription {
        RequestDescription(
            "Tells whether the service and its store answer.",
            result: .object([.required("status", .choice(["ok"]), "It is an error when they do not.")]),
            example: Example(
                #"{}"#,
                gives: #"{"status": "ok"}"#))
    }

    package init(params: Parameters) throws(RPCError) {}
}
