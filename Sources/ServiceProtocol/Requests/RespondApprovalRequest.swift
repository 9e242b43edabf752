package import JSON
package import RPC

/// Decides an approval: {interactionId, resolved, seq}. One rejection rejects; a repeated vote changes nothing.
package struct RespondApprovalRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "execution/respondApproval"

    package var interactionID: String?
    /// Instead of an interaction's id, while exactly one approval is open in it.
    package var executionID: String?
    /// `approved` or `rejected`.
    package var decision: String
    /// Who decides; absent, the user that `initialize` named.
    package var approver: String?
    package var message: String?
    /// The run's newest event as the client knows it; another one refuses the request.
    package var expectedSeq: Int?

    package init(params: Parameters) throws(RPCError) {
        interactionID = try params.optional("interactionId", as: String.self)
        executionID = try params.optional("executionId", as: String.self)
        decision = try params.required("decision", as: String.self)
        approver = try params.optional("approver", as: String.self)
        message = try params.optional("message", as: String.self)
        expectedSeq = try params.optional("expectedSeq", as: Int.self)
    }
}
