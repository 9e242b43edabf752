package import JSON
package import RPC

package struct EvaluateExpressionRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "expression/evaluate"

    package static var about: RequestDescription {
        RequestDescription(
            "Evaluates an expression, for editors and tests.",
            result: .object([.required("value", .any, "What it evaluates to.")]),
            errors: [.expressionSyntax, .expressionEvaluation, .expressionNotJSON, .expressionBudget],
            example: Example(
                #"{"expression": "size(files) > limit", "bindings": {"files": ["a", "b"], "limit": 1}}"#,
                gives: #"{"value": true}"#))
    }

    package var expression: String
    package var bindings: JSONObject?

    package init(params: Parameters) throws(RPCError) {
        expression = try params.required("expression", "CEL, without the marks `${` and `}` around it.")
        bindings = try params.optional("bindings", "What each name in it is.")
    }
}
