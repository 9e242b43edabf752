package import JSON
package import RPC

package struct GetRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/get"

    package static var about: RequestDescription {
        RequestDescription(
            "Tells all that is known of a run now.",
            result: .runDetails,
            errors: [.runNotFound],
            example: Example(
                #"{"runId": "nightly-7"}"#,
                gives: #"""
                    {"runId": "nightly-7", "workflow": {"name": "nightly", "version": "6c1f0a52"},
                    "status": "awaiting", "isPaused": false, "waitingFor": [{"kind": "person",
                    "interactionId": "0199e7a2-7000-7d3e-8f00-52d1c0a9be41", "path": "approve"}], "seq": 6,
                    "cwd": "/srv/app", "namespace": "deploy-bot",
                    "executionId": "0199e7a2-6b1c-7d3e-8f00-52d1c0a9be41", "state": {}, "input": null,
                    "progress": {"current": 1, "total": 3}, "usage": {}, "labels": {},
                    "createdAt": "2026-01-31T09:30:00.000Z", "startedAt": "2026-01-31T09:30:00.004Z"}
                    """#))
    }

    package var runID: String

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", "The run.")
    }
}
