package import JSON
package import RPC

package struct ResumeRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/resume"

    package static var about: RequestDescription {
        RequestDescription(
            "Lets a paused run go on, and its children with it.",
            result: .runHandle,
            errors: ErrorKind.ofAChange,
            example: Example(
                #"{"runId": "nightly-7", "expectedSeq": 5}"#,
                gives: #"""
                    {"runId": "nightly-7", "status": "in-progress", "isPaused": false, "seq": 6,
                    "executionId": "0199e7a2-6b1c-7d3e-8f00-52d1c0a9be41"}
                    """#))
    }

    package var runID: String
    package var expectedSeq: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", "The run.")
        expectedSeq = try params.optional(
            "expectedSeq",
            "The run's newest event as the client knows it; where it has moved on the request is refused.")
    }
}
