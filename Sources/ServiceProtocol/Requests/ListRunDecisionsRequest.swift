package import JSON
package import RPC

package struct ListRunDecisionsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/decisions"

    package static var about: RequestDescription {
        RequestDescription(
            "Lists why a run went from one step to another.",
            result: .object([.required("decisions", .list(.decisionEntry), "In their order.")]),
            errors: [.runNotFound],
            example: Example(
                #"{"runId": "nightly-7"}"#,
                gives: #"""
                    {"decisions": [{"seq": 4, "at": "2026-01-31T09:30:02.114Z", "from": "build", "to": "publish",
                    "path": "build", "condition": "result.exitCode == 0", "value": true,
                    "reason": "The condition is true."}]}
                    """#))
    }

    package var runID: String

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", "The run.")
    }
}
