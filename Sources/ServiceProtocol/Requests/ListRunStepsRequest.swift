package import JSON
package import RPC

package struct ListRunStepsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/steps"

    package static var about: RequestDescription {
        RequestDescription(
            "Lists the steps that a run has entered, one for each path.",
            result: .object([.required("steps", .list(.stepEntry), "In the order they were entered.")]),
            errors: [.runNotFound],
            example: Example(
                #"{"runId": "nightly-7"}"#,
                gives: #"""
                    {"steps": [{"path": "build", "step": "build", "kind": "command", "iteration": 1,
                    "status": "completed", "attempt": 1, "input": null, "output": {"exitCode": 0},
                    "startedAt": "2026-01-31T09:30:00.004Z", "endedAt": "2026-01-31T09:30:02.114Z",
                    "durationMs": 2110}]}
                    """#))
    }

    package var runID: String

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", "The run.")
    }
}
