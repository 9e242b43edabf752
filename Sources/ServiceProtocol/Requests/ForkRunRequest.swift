package import JSON
package import RPC

package struct ForkRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/fork"

    package static var about: RequestDescription {
        RequestDescription(
            "Makes a run that begins with what another had recorded up to a place.",
            """
            The other run may have any status, and is not changed. Steps recorded before the place are not run again; what was under way there
            begins anew. The same `newRunId` or `idempotencyKey` with the same request answers the first response again.
            """,
            result: .createdRun,
            errors: [.runNotFound, .inputInvalid, .idempotencyConflict],
            example: Example(
                #"{"runId": "nightly-7", "fromStep": "publish", "newRunId": "nightly-7b", "changes": {"state": {"dryRun": true}}}"#,
                gives: #"{"runId": "nightly-7b", "seq": 9, "status": "pending"}"#))
    }

    package enum Place: Sendable, Hashable {
        case seq(Int)
        case step(String)
    }

    /// The run whose past is taken.
    package var runID: String
    /// `fromSeq`, the last event that is taken, or `fromStep`, the path of the step that begins anew.
    package var place: Place
    /// `changes.input`: the input from here on.
    package var input: JSONValue?
    /// `changes.state`: the state members that are other ones from here on.
    package var state: JSONObject?
    /// The client's choice: 1 to 64 letters, digits and the marks . _ -.
    package var newRunID: String?
    package var idempotencyKey: String?
    package var start: Bool?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", "The run whose past is taken.")
        let seq = try params.optional("fromSeq", as: Int.self, "The last event that is taken; or else `fromStep`.")
        let step = try params.optional(
            "fromStep", as: String.self, "The path of the step that begins anew; or else `fromSeq`.")
        try params.require(seq != nil || step != nil, "fromSeq", "or 'fromStep' must say where the fork begins")
        let isOnePlace = seq == nil || step == nil
        try params.require(isOnePlace, "fromStep", "excludes 'fromSeq': one of them says where the fork begins")
        place = step.map { .step($0) } ?? .seq(seq ?? 0)
        let changes = try params.optional("changes", as: Parameters.self, "What is another from there on.")
        input = try changes?.optional("input", "The input; it must fit the workflow's input schema.")
        state = try changes?.optional("state", "The members of the state that are other ones.")
        newRunID = try params.optional(
            "newRunId", as: ChosenRunID.self, "What to call the fork; without it the service chooses.")?.text
        idempotencyKey = try params.optional(
            "idempotencyKey", "The same key with the same request makes no second run.")
        start = try params.optional("start", "Whether to start it at once.")
    }
}
