package import JSON
package import RPC

/// Evaluates a CEL expression, for editors and tests: {value}.
package struct EvaluateExpressionRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "expression/evaluate"

    package var expression: String
    /// Names with their values.
    package var bindings: JSONObject?

    package init(params: Parameters) throws(RPCError) {
        expression = try params.required("expression", as: String.self)
        bindings = try params.optional("bindings", as: JSONObject.self)
    }
}
