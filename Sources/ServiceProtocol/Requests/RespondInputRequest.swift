package import JSON
package import RPC

/// Answers an input: {interactionId, resolved, seq}. The value must fit the question's schema.
package struct RespondInputRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "execution/respondInput"

    package var interactionID: String?
    /// Instead of an interaction's id, while exactly one question of the kind is open in it.
    package var executionID: String?
    /// Absent counts as null.
    package var value: JSONValue?
    package var by: String?
    /// The run's newest event as the client knows it; another one refuses the request.
    package var expectedSeq: Int?

    package init(params: Parameters) throws(RPCError) {
        interactionID = try params.optional("interactionId", as: String.self)
        executionID = try params.optional("executionId", as: String.self)
        value = try params.optional("value", as: JSONValue.self)
        by = try params.optional("by", as: String.self)
        expectedSeq = try params.optional("expectedSeq", as: Int.self)
    }
}
