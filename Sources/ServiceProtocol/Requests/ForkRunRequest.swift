package import JSON
package import RPC

/// `run/fork`: {runId, seq, status}, with `start` also executionId.
///
/// A new run that begins with what another had recorded up to a place. The same `newRunId` or `idempotencyKey` with the same request
/// answers the first response again.
package struct ForkRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/fork"

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
        runID = try params.required("runId", as: String.self)
        let seq = try params.optional("fromSeq", as: Int.self)
        let step = try params.optional("fromStep", as: String.self)
        switch (seq, step) {
        case (let seq?, nil): place = .seq(seq)
        case (nil, let step?): place = .step(step)
        case (nil, nil): throw params.invalid("fromSeq", "or 'fromStep' must say where the fork begins")
        case (.some, .some):
            throw params.invalid("fromStep", "excludes 'fromSeq': one of them says where the fork begins")
        }
        let changes = try params.optional("changes", as: Parameters.self)
        input = try changes?.optional("input", as: JSONValue.self)
        state = try changes?.optional("state", as: JSONObject.self)
        newRunID = try params.optionalRunID("newRunId")
        idempotencyKey = try params.optional("idempotencyKey", as: String.self)
        start = try params.optional("start", as: Bool.self)
    }
}
