package import JSON
package import RPC

package struct DeleteRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/delete"

    package static var about: RequestDescription {
        RequestDescription(
            "Removes a run that is pending or has ended, with its history and its children.",
            result: .object([
                .runID, .required("seq", .sequence, "The number of the last event that there was."),
            ]),
            errors: ErrorKind.ofAChange,
            example: Example(
                #"{"runId": "nightly-7"}"#,
                gives: #"{"runId": "nightly-7", "seq": 14}"#))
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
