package import JSON
package import RPC

package struct RespondInputRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "execution/respondInput"

    package static var about: RequestDescription {
        RequestDescription(
            "Answers an input.",
            """
            The value must fit the question's schema.
            """,
            result: .answer,
            errors: [
                .interactionNotFound, .interactionAmbiguous, .interactionAlreadyResolved, .interactionExpired,
                .runSeqConflict, .runInvalidTransition, .inputInvalid,
            ],
            example: Example(
                #"{"executionId": "0199e7a2-6b1c-7d3e-8f00-52d1c0a9be41", "value": 3, "by": "ann"}"#,
                gives: #"{"interactionId": "0199e7a2-7000-7d3e-8f00-52d1c0a9be41", "resolved": true, "seq": 7}"#))
    }

    package var interactionID: String?
    package var executionID: String?
    package var value: JSONValue?
    package var by: String?
    package var expectedSeq: Int?

    package init(params: Parameters) throws(RPCError) {
        interactionID = try params.optional("interactionId", "The question.")
        executionID = try params.optional(
            "executionId", "Instead of the question, while exactly one of its kind is open in this execution.")
        value = try params.optional("value", "The answer; absent counts as null.")
        by = try params.optional("by", "Who answers; without it the user that `initialize` named.")
        expectedSeq = try params.optional(
            "expectedSeq",
            "The run's newest event as the client knows it; where it has moved on the request is refused.")
    }
}
