package import JSON
package import RPC

package struct RespondApprovalRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "execution/respondApproval"

    package static var about: RequestDescription {
        RequestDescription(
            "Decides an approval.",
            """
            One rejection rejects. A repeated vote of the same approver changes nothing. Where `initialize` named a user, `approver` must be that
            user or one of their roles.
            """,
            result: .answer,
            errors: [
                .interactionNotFound, .interactionAmbiguous, .interactionAlreadyResolved, .interactionExpired,
                .runSeqConflict, .runInvalidTransition, .approvalNotAnApprover,
            ],
            example: Example(
                #"""
                {"interactionId": "0199e7a2-7000-7d3e-8f00-52d1c0a9be41", "decision": "approved",
                "approver": "ann"}
                """#,
                gives: #"{"interactionId": "0199e7a2-7000-7d3e-8f00-52d1c0a9be41", "resolved": true, "seq": 7}"#))
    }

    package enum Decision: String, Sendable, CaseIterable, ParameterValue {
        case approved, rejected
    }

    package var interactionID: String?
    package var executionID: String?
    package var decision: Decision
    package var approver: String?
    package var message: String?
    package var expectedSeq: Int?

    package init(params: Parameters) throws(RPCError) {
        interactionID = try params.optional("interactionId", "The question.")
        executionID = try params.optional(
            "executionId", "Instead of the question, while exactly one of its kind is open in this execution.")
        decision = try params.required("decision", "What is decided.")
        approver = try params.optional("approver", "Who decides; without it the user that `initialize` named.")
        message = try params.optional("message", "A word with the decision.")
        expectedSeq = try params.optional(
            "expectedSeq",
            "The run's newest event as the client knows it; where it has moved on the request is refused.")
    }
}
