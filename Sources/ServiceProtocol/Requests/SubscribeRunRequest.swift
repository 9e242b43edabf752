package import JSON
package import RPC

package struct SubscribeRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/subscribe"

    package static var about: RequestDescription {
        RequestDescription(
            "Sends the events after `afterSeq` and then goes live, with nothing between lost or doubled.",
            """
            Attempts under way are told with all the text they have said so far. The events come after the answer.
            """,
            result: .object([.runID, .runSeq]),
            errors: [.runNotFound],
            example: Example(
                #"{"runId": "nightly-7", "afterSeq": 6}"#,
                gives: #"{"runId": "nightly-7", "seq": 9}"#))
    }

    package var runID: String
    package var afterSeq: Int?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", "The run.")
        afterSeq = try params.optional(
            "afterSeq", "The last event that the client has; 0, the default, begins with the first.")
    }
}
