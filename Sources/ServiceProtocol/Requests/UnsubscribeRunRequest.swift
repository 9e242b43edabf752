package import JSON
package import RPC

package struct UnsubscribeRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/unsubscribe"

    package static var about: RequestDescription {
        RequestDescription(
            "Tells nothing more of a run.",
            result: .object([.runID, .required("subscribed", .boolean, "False.")]),
            example: Example(
                #"{"runId": "nightly-7"}"#,
                gives: #"{"runId": "nightly-7", "subscribed": false}"#))
    }

    package var runID: String

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", "The run.")
    }
}
