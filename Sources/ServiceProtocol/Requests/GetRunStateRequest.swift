package import JSON
package import RPC

package struct GetRunStateRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/state"

    package static var about: RequestDescription {
        RequestDescription(
            "Tells a run's state, now or as it was after an event.",
            result: .object([
                .runID, .required("seq", .sequence, "After which event the state was this."),
                .required("state", .map(.any), "The state."),
            ]),
            errors: [.runNotFound],
            example: Example(
                #"{"runId": "nightly-7", "atSeq": 4}"#,
                gives: #"{"runId": "nightly-7", "seq": 4, "state": {"files": 3}}"#))
    }

    package var runID: String
    package var atSeq: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", "The run.")
        atSeq = try params.optional("atSeq", "The event; without it the newest.")
    }
}
